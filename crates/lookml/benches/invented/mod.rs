//! A project of any size, invented: the same one each time.

use std::fmt::{self, Write as _};

/// Files until they have that many bytes together: models, views, explores and refinements, half a kilobyte to
/// a hundred.
pub(crate) fn project(bytes: usize) -> Vec<(String, String)> {
    let mut author = Author {
        random: 0x9E37_79B9_7F4A_7C15,
        text: String::new(),
    };
    let mut files = Vec::new();
    let mut written = 0;
    while written < bytes {
        let number = files.len();
        let kind = match author.below(10) {
            0 => "model",
            1 | 2 => "explore",
            3 => "layer",
            _ => "view",
        };
        author.file(kind, number);
        let mut text = std::mem::take(&mut author.text);
        if author.below(5) == 0 {
            text = text.replace('\n', "\r\n");
        }
        written += text.len();
        files.push((
            format!("folder_{}/file_{number}.{kind}.lkml", number % 40),
            text,
        ));
    }
    files
}

struct Author {
    random: u64,
    text: String,
}

const NOUNS: &[&str] = &[
    "order",
    "customer",
    "product",
    "visit",
    "session",
    "campaign",
    "invoice",
    "warehouse",
    "shipment",
    "return",
    "category",
    "supplier",
    "region",
    "employee",
    "contract",
    "ticket",
    "payment",
    "discount",
    "subscription",
    "event",
];

const ADJECTIVES: &[&str] = &[
    "first",
    "last",
    "total",
    "gross",
    "net",
    "average",
    "open",
    "closed",
    "late",
    "early",
    "new",
    "lost",
    "monthly",
    "billed",
    "returned",
    "cancelled",
    "estimated",
    "weighted",
    "lifetime",
    "previous",
];

const SENTENCES: &[&str] = &[
    "Counts every row once, whatever is joined.",
    "As finance defines it: without returns, before discounts. See the handbook, \\\"Revenue\\\".",
    "Größe des Warenkorbs beim Abschluss – in Euro.",
    "Use it with the filter on the date\n      and never without.",
    "Yes where the customer has bought before.",
    "Hidden, since only other fields need it.",
];

const TIMEFRAMES: &[&str] = &[
    "raw, time, date, week, month, quarter, year",
    "raw,\n      time,\n      date,\n      week,\n      month,\n      quarter,\n      year,\n    ",
    "date, month, fiscal_quarter, fiscal_year, day_of_week, hour_of_day",
];

const FORMATS: &[&str] = &[
    "$#,##0.00",
    "0.0\\%",
    "#,##0",
    "[>=1000000]0.0,,\\\"M\\\";0",
];

impl Author {
    fn below(&mut self, limit: usize) -> usize {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        (self.random % limit as u64) as usize
    }

    fn put(&mut self, text: fmt::Arguments<'_>) {
        self.text.write_fmt(text).expect("write to a text");
    }

    fn one_of(&mut self, words: &[&'static str]) -> &'static str {
        let at = self.below(words.len());
        words.get(at).copied().unwrap_or_default()
    }

    fn file(&mut self, kind: &str, number: usize) {
        self.put(format_args!("# File {number} of the invented project.\n\n"));
        match kind {
            "model" => self.model(number),
            "explore" => (0..=self.below(3)).for_each(|part| self.explore(number, part, "")),
            "layer" => self.layer(number),
            _ => self.view(number, ""),
        }
    }

    fn model(&mut self, number: usize) {
        self.put(format_args!(
            "connection: \"@{{CONNECTION}}\"\ninclude: \"/views/**/*.view.lkml\"\n"
        ));
        self.put(format_args!(
            "include: \"//other/views/*.view\"\n\nweek_start_day: monday\n"
        ));
        self.put(format_args!("datagroup: nightly {{\n  sql_trigger: SELECT MAX(id) FROM runs ;;\n  max_cache_age: \"24 hours\"\n}}\n\n"));
        self.put(format_args!("access_grant: finance {{ user_attribute: department allowed_values: [\"finance\", \"board\"] }}\n\n"));
        for part in 0..=self.below(6) {
            self.explore(number, part, "");
        }
    }

    fn layer(&mut self, number: usize) {
        self.view(number, "+");
        self.explore(number, 0, "+");
    }

    fn explore(&mut self, number: usize, part: usize, refinement: &str) {
        let name = self.one_of(NOUNS);
        self.put(format_args!(
            "explore: {refinement}{name}s_{number}_{part} {{\n  label: \"{name}s, {number}\"\n"
        ));
        self.description("  ");
        self.put(format_args!(
            "  sql_always_where: ${{{name}s.is_deleted}} = FALSE ;;\n"
        ));
        self.put(format_args!("  always_filter: {{ filters: [{name}s.created_date: \"90 days\", {name}s.status: \"-CANCELLED\"] }}\n"));
        for at in 0..=self.below(12) {
            let joined = self.one_of(NOUNS);
            self.put(format_args!(
                "\n  join: {joined}_{at} {{\n    from: {joined}s\n    type: left_outer\n"
            ));
            self.put(format_args!("    relationship: many_to_one\n    sql_on: ${{{name}s.{joined}_id}} = ${{{joined}_{at}.id}}\n"));
            self.put(format_args!(
                "      AND ${{{joined}_{at}.valid_from_raw}} <= ${{{name}s.created_raw}} ;;\n"
            ));
            self.put(format_args!(
                "    fields: [{joined}_{at}.id, {joined}_{at}.name, {joined}_{at}.detail*]\n  }}\n"
            ));
        }
        self.put(format_args!("}}\n\n"));
    }

    fn view(&mut self, number: usize, refinement: &str) {
        let name = self.one_of(NOUNS);
        self.put(format_args!("view: {refinement}{name}s_{number} {{\n"));
        if refinement.is_empty() {
            match self.below(4) {
                0 => self.derived_table(name),
                _ => self.put(format_args!(
                    "  sql_table_name: `@{{PROJECT}}.@{{SCHEMA}}.{name}s` ;;\n"
                )),
            }
        }
        self.put(format_args!("  drill_fields: [detail*]\n\n"));
        self.put(format_args!("  dimension: id {{\n    primary_key: yes\n    hidden: yes\n    type: number\n    sql: ${{TABLE}}.id ;;\n  }}\n"));
        // A few files are much longer than the others.
        let most = if self.below(40) == 0 { 400 } else { 40 };
        for at in 0..5 + self.below(most) {
            match self.below(10) {
                0 => self.group(at),
                1 => self.yes_or_no(at),
                2..=4 => self.measure(at),
                5 => self.liquid(at),
                _ => self.dimension(at),
            }
        }
        self.put(format_args!("\n  # ----- Sets -----\n  set: detail {{\n    fields: [\n      id,\n      created_date,\n      status,\n"));
        self.put(format_args!(
            "      {name}s.count # last\n    ]\n  }}\n}}\n"
        ));
    }

    fn derived_table(&mut self, name: &str) {
        self.put(format_args!("  derived_table: {{\n    datagroup_trigger: nightly\n    sql:\n      WITH ranked AS (\n"));
        for at in 0..5 + self.below(60) {
            let noun = self.one_of(NOUNS);
            self.put(format_args!(
                "        -- the {noun} of step {at}; see \"notes\"\n"
            ));
            self.put(format_args!("        SELECT {noun}_id, SUM(CASE WHEN status IN ('open', 'new') THEN amount * {at} END) AS amount_{at},\n"));
            self.put(format_args!("          ROW_NUMBER() OVER (PARTITION BY {noun}_id ORDER BY created_at DESC) AS position_{at}\n"));
            self.put(format_args!(
                "        FROM ${{{noun}s.SQL_TABLE_NAME}} AS t\n"
            ));
            self.put(format_args!("        WHERE {{% condition created_date %}} t.created_at {{% endcondition %}}\n        UNION ALL\n"));
        }
        self.put(format_args!("        SELECT 1, 2, 3)\n      SELECT * FROM ranked WHERE {name}_id <> 0\n    ;;\n  }}\n\n"));
    }

    fn description(&mut self, indent: &str) {
        let sentence = self.one_of(SENTENCES);
        self.put(format_args!("{indent}description: \"{sentence}\"\n"));
    }

    /// A name of its own within a view.
    fn name(&mut self, at: usize) -> String {
        let adjective = self.one_of(ADJECTIVES);
        let noun = self.one_of(NOUNS);
        format!("{adjective}_{noun}_{at}")
    }

    fn dimension(&mut self, at: usize) {
        let name = self.name(at);
        let kind = self.one_of(&["string", "number", "zipcode", "date"]);
        self.put(format_args!("\n  dimension: {name} {{\n    type: {kind}\n"));
        if self.below(2) == 0 {
            self.description("    ");
            let group = self.one_of(NOUNS);
            self.put(format_args!(
                "    group_label: \"{group}\"\n    tags: [\"{group}\", \"pii\"]\n"
            ));
        }
        self.put(format_args!("    sql: ${{TABLE}}.{name} ;;\n  }}\n"));
    }

    fn yes_or_no(&mut self, at: usize) {
        let name = self.name(at);
        self.put(format_args!("\n\tdimension: is_{name} {{ type: yesno sql: ${{status}} = 'x' AND ${{amount}} >= 1.5 ;; hidden: no }}\n"));
    }

    fn group(&mut self, at: usize) {
        let name = self.name(at);
        let timeframes = self.one_of(TIMEFRAMES);
        self.put(format_args!(
            "\n  dimension_group: {name} {{\n    type: time\n    timeframes: [{timeframes}]\n"
        ));
        self.put(format_args!("    datatype: datetime\n    convert_tz: no\n    sql: CAST(${{TABLE}}.{name}_at AS TIMESTAMP) ;;\n  }}\n"));
    }

    fn measure(&mut self, at: usize) {
        let name = self.name(at);
        let kind = self.one_of(&["sum", "average", "count_distinct", "max"]);
        let format = self.one_of(FORMATS);
        self.put(format_args!("\n  measure: {name} {{\n    type: {kind}\n    sql: ${{TABLE}}.{name} / NULLIF(${{TABLE}}.n, 0) ;;\n"));
        self.put(format_args!("    value_format: \"{format}\"\n    filters: [status: \"COMPLETE,-%test%\", created_date: \"7 days\"]\n"));
        self.put(format_args!("    drill_fields: [detail*, -id]\n  }}\n"));
        if self.below(3) == 0 {
            self.put(format_args!("  # measure: old_{name} {{\n  #   type: sum\n  #   sql: ${{TABLE}}.old ;;\n  # }}\n"));
        }
    }

    fn liquid(&mut self, at: usize) {
        let name = self.name(at);
        self.put(format_args!("\n  dimension: {name} {{\n    label: \"{{% if grain._parameter_value == 'day' %}}Day{{% else %}}Month{{% endif %}}\"\n"));
        self.put(format_args!("    sql:\n      {{% if grain._parameter_value == 'day' %}}\n        ${{created_date}}\n"));
        self.put(format_args!("      {{% elsif grain._parameter_value == 'week' %}}\n        ${{created_week}} -- \"Monday\" {{ }}\n"));
        self.put(format_args!(
            "      {{% else %}} ${{created_month}} {{% endif %}} ;;\n"
        ));
        self.put(format_args!("    html: <a href=\"/dashboards/{at}?id={{{{ value | url_encode }}}}\"><b>{{{{ rendered_value }}}}</b></a> ;;\n"));
        self.put(format_args!("    link: {{\n      label: \"Open {name}\"\n      url: \"https://example.invalid/{{{{ value }}}}\"\n    }}\n  }}\n"));
    }
}
