//! Answers over real tables: what is computed from the rows, where cells lead to, what a page or a file shows.

mod calculations;
mod drills;
mod labels;
mod notices;
mod shapes;

use lookml::testing::Fixture;

/// A view of four rides, with yes and no, dates, and a hundred ways to count them.
fn rides(fields: &str) -> Fixture {
    let model = format!(
        "view: t {{
           dimension: id {{ primary_key: yes type: number }}
           dimension: d {{}}
           dimension: e {{}}
           dimension: n {{ type: number }}
           dimension: big {{ type: yesno sql: ${{TABLE}}.n > 15 ;; }}
           dimension_group: created {{ type: time timeframes: [raw, time, date, week, month, quarter] }}
           measure: count {{ type: count }}
           measure: sum {{ type: sum sql: ${{TABLE}}.n ;; }}
           measure: ys {{ type: yesno sql: MAX(${{TABLE}}.n) > 25 ;; }}
           {fields}
         }}
         explore: t {{}}"
    );
    Fixture::new(&model).with_sql(
        "CREATE TABLE t AS SELECT * FROM (VALUES
           (1, 'run', 'x', 10, TIMESTAMP '2026-11-02 08:00:00'),
           (2, 'run', 'y', 20, TIMESTAMP '2026-11-03 09:00:00'),
           (3, 'cycling', 'x', 30, TIMESTAMP '2026-11-05 10:00:00'),
           (4, 'cycling', 'z', NULL, TIMESTAMP '2026-08-20 11:00:00')) AS v(id, d, e, n, created)",
    )
}
