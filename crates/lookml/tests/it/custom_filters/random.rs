//! Expressions drawn at random.

use super::{calculated, disagreements, fixture};

/// Draws expressions of a type. The same number gives the same ones.
struct Draw(u64);

#[derive(Clone, Copy)]
enum Kind {
    Number,
    Text,
    YesNo,
    Date,
    Time,
}

use Kind::{Date, Number, Text, Time, YesNo};

/// What is around expressions, which stand at each `@`, and their types.
type Form = (&'static str, &'static [Kind]);

const NUMBER_LEAVES: &[&str] = &[
    "${t.n}",
    "${t.i}",
    "${t.m}",
    "0",
    "1",
    "2.5",
    "-3",
    "100",
    "0.1",
    "null",
    "${t.created_year}",
    "${t.created_hour_of_day}",
    "${t.days_age}",
    "${t.years_age}",
];
const TEXT_LEAVES: &[&str] = &[
    "${t.name}",
    "${t.other}",
    "${t.said}",
    "\"\"",
    "\"n\"",
    "\"O'B\"",
    "\"a\\\\b\"",
    "\"12\"",
    "${t.size}",
    "${t.created_month_name}",
    "${t.created_month}",
    "${t.created_minute}",
    "null",
];
const YESNO_LEAVES: &[&str] = &["${t.ok}", "${t.big}", "${t.created}", "yes", "no", "null"];
const DATE_LEAVES: &[&str] = &[
    "${t.created_date}",
    "${t.created_week}",
    "${t.created_month}",
    "${t.created_quarter}",
    "${t.born_date}",
    "${t.born_month}",
    "date(2026, 1, 31)",
    "date(2024, 2, 29)",
    "\"2026-03-01\"",
    "null",
];
const TIME_LEAVES: &[&str] = &[
    "${t.created_raw}",
    "${t.created_time}",
    "${t.created_hour}",
    "${t.created_minute15}",
    "${t.born_raw}",
    "now()",
    "date_time(2026, 1, 31, 12)",
    "\"2025-12-31 05:06\"",
    "null",
];
const NUMBER_FORMS: &[Form] = &[
    ("(@ + @)", &[Number, Number]),
    ("(@ - @ - @)", &[Number, Number, Number]),
    ("(@ * @)", &[Number, Number]),
    ("(@ / @)", &[Number, Number]),
    ("-@", &[Number]),
    ("abs(@)", &[Number]),
    ("ceiling(@)", &[Number]),
    ("floor(@)", &[Number]),
    ("sqrt(@)", &[Number]),
    ("if(@, @, @)", &[YesNo, Number, Number]),
    ("coalesce(@, @)", &[Number, Number]),
    (
        "case(when(@, @), when(@, @), @)",
        &[YesNo, Number, YesNo, Number, Number],
    ),
    ("min(@, @)", &[Number, Number]),
    ("max(@, @, @)", &[Number, Number, Number]),
    ("length(@)", &[Text]),
    ("position(@, @)", &[Text, Text]),
    ("to_number(@)", &[Text]),
    ("diff_days(@, @)", &[Date, Time]),
    ("diff_seconds(@, @)", &[Time, Time]),
    ("diff_months(@, @)", &[Time, Date]),
    ("diff_years(@, @)", &[Date, Date]),
    ("extract_days(@)", &[Date]),
    ("extract_hours(@)", &[Time]),
    ("extract_minutes(@)", &[Time]),
];
const TEXT_FORMS: &[Form] = &[
    ("concat(@, @)", &[Text, Text]),
    ("concat(@, \"-\", @)", &[Text, YesNo]),
    ("lower(@)", &[Text]),
    ("replace(@, @, @)", &[Text, Text, Text]),
    ("substring(@, @, @)", &[Text, Number, Number]),
    ("substring(@, @)", &[Text, Number]),
    ("to_string(floor(@ % 1000000))", &[Number]),
    ("if(@, @, @)", &[YesNo, Text, Text]),
    ("coalesce(@, @)", &[Text, Text]),
    ("to_string(trunc_days(@))", &[Time]),
];
const YESNO_FORMS: &[Form] = &[
    ("(@ AND @)", &[YesNo, YesNo]),
    ("(@ OR @ OR @)", &[YesNo, YesNo, YesNo]),
    ("(NOT @)", &[YesNo]),
    ("is_null(@)", &[Number]),
    ("is_null(@)", &[Text]),
    ("(@ < @)", &[Number, Number]),
    ("(@ >= @)", &[Number, Number]),
    ("(@ = @)", &[Text, Text]),
    ("(@ < @)", &[Text, Text]),
    ("(@ != @)", &[YesNo, YesNo]),
    ("(@ <= @)", &[Date, Date]),
    ("(@ > @)", &[Time, Date]),
    ("(@ < @)", &[Time, Time]),
    ("contains(@, @)", &[Text, Text]),
    ("starts_with(@, @)", &[Text, Text]),
    ("if(@, @, @)", &[YesNo, YesNo, YesNo]),
    ("matches_filter((@ + 0), `>2, null`)", &[Number]),
    ("matches_filter(concat(@), `-%n%`)", &[Text]),
    ("matches_filter(add_days(0, @), `2026, null`)", &[Date]),
];
const DATE_FORMS: &[Form] = &[
    ("trunc_days(@)", &[Time]),
    ("trunc_months(@)", &[Date]),
    ("trunc_years(@)", &[Time]),
    ("add_days(@ % 1000, trunc_days(@))", &[Number, Date]),
    ("add_months(2, trunc_days(@))", &[Date]),
    ("to_date(@)", &[Date]),
    (
        "if(@, trunc_days(@), trunc_months(@))",
        &[YesNo, Date, Date],
    ),
];
const TIME_FORMS: &[Form] = &[
    ("trunc_hours(@)", &[Time]),
    ("trunc_minutes(@)", &[Date]),
    ("add_hours(@ % 1000, @)", &[Number, Time]),
    ("add_seconds(-90, @)", &[Date]),
    ("add_months(-1, @)", &[Time]),
    ("max(trunc_hours(@), trunc_hours(@))", &[Time, Time]),
];

impl Draw {
    fn below(&mut self, count: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % count
    }

    /// One of several forms, each `@` an expression of a type.
    fn one_of(&mut self, forms: &[Form], depth: usize) -> String {
        let (form, kinds) = forms[self.below(forms.len())];
        let mut kinds = kinds.iter();
        let pieces: Vec<String> = form
            .split('@')
            .enumerate()
            .map(|(at, piece)| match at {
                0 => piece.to_owned(),
                _ => format!(
                    "{}{piece}",
                    self.expression(*kinds.next().unwrap(), depth - 1)
                ),
            })
            .collect();
        pieces.concat()
    }

    fn leaf(&mut self, kind: Kind) -> String {
        let leaves = match kind {
            Kind::Number => NUMBER_LEAVES,
            Kind::Text => TEXT_LEAVES,
            Kind::YesNo => YESNO_LEAVES,
            Kind::Date => DATE_LEAVES,
            Kind::Time => TIME_LEAVES,
        };
        leaves[self.below(leaves.len())].to_owned()
    }

    fn expression(&mut self, kind: Kind, depth: usize) -> String {
        if depth == 0 || self.below(5) == 0 {
            return self.leaf(kind);
        }
        let forms = match kind {
            Kind::Number => NUMBER_FORMS,
            Kind::Text => TEXT_FORMS,
            Kind::YesNo => YESNO_FORMS,
            Kind::Date => DATE_FORMS,
            Kind::Time => TIME_FORMS,
        };
        self.one_of(forms, depth)
    }
}

/// Ten expressions of every type.
fn expressions(seed: u64) -> Vec<String> {
    let mut draw = Draw(seed);
    let kinds = [
        Kind::Number,
        Kind::Text,
        Kind::YesNo,
        Kind::Date,
        Kind::Time,
    ];
    let kinds = kinds.into_iter().cycle().take(50);
    kinds.map(|kind| draw.expression(kind, 3)).collect()
}

/// How many draws: as many as the environment says, or enough to meet each form.
fn draws() -> u64 {
    #[expect(
        clippy::disallowed_methods,
        reason = "a person sets how long a test runs"
    )]
    let count = std::env::var("LOOKML_RANDOM_MODELS");
    count.ok().and_then(|count| count.parse().ok()).unwrap_or(8)
}

#[test]
fn any_expression_is_what_it_is_where_it_is_calculated() {
    let fixture = fixture();
    for seed in 0..draws() {
        let wrong = disagreements(&fixture, &expressions(seed));
        assert!(wrong.is_empty(), "seed {seed}:\n{}", wrong.join("\n"));
    }
}

#[test]
fn most_that_is_drawn_can_be_calculated() {
    let drawn = expressions(1);
    let known = calculated(&fixture(), &drawn);
    let known = known.iter().filter(|values| values.is_ok()).count();
    assert!(known * 2 > drawn.len(), "{known} of {}", drawn.len());
}
