//! All kinds of problems.

use super::{Rule, Severity};

macro_rules! rules {
    ($($name:ident $code:literal $severity:ident $explanation:literal)*) => {
        $(
            #[doc = $explanation]
            pub const $name: Rule = Rule {
                code: $code,
                severity: Severity::$severity,
                explanation: $explanation,
            };
        )*

        /// Every rule, in the order of the codes.
        pub const ALL: &[Rule] = &[$($name),*];
    };
}

rules! {
    STRAY_COLON "LK010" Error "A colon that belongs to nothing."
    LEADING_COMMA "LK011" Warning "A list that begins with a comma."
    SPACED_MINUS "LK012" Warning "A minus with a space before the name."
    MISSING_EXPRESSION_END "LK013" Error "An expression without its `;;`."
    UNBALANCED_BRACE "LK014" Error "A brace without its partner."
    OPEN_STRING "LK015" Error "A string without its closing quote."
    WRONG_SHAPE "LK016" Error "A list where one value is needed, or the reverse."
    DUPLICATE_KEY "LK017" Warning "A key twice where it can stand once."
    UNEXPECTED_TEXT "LK018" Error "Text where a parameter or a value should be."
    TOO_DEEP "LK019" Error "Blocks nested deeper than anything could mean."
    UNKNOWN_PARAMETER "LK020" Warning "A parameter that does not exist."
    NOT_SNAKE_CASE "LK021" Warning "A name with capitals or other characters than letters, digits and underscores."
    ILLEGAL_VALUE "LK022" Error "A value that is none of those that a parameter may have."
    NOT_A_NUMBER "LK023" Error "A value that is no number, or neither yes nor no, where it has to be."
    PERSISTENCE_IGNORED "LK030" Info "A derived table is computed in the query, whatever is said about keeping it."

    NO_MODEL "LK101" Error "A project without a model file."
    BAD_MANIFEST "LK102" Error "A manifest that can't be used."
    UNMATCHED_INCLUDE "LK103" Warning "An include that matches no file."
    MISSING_PROJECT "LK104" Error "An imported project that is not there."
    UNKNOWN_CONSTANT "LK105" Error "A constant that the manifest does not declare."
    UNUSED_FILE "LK106" Warning "A file that no model includes."
    DUPLICATE_MODEL "LK107" Error "Two files that define the same model."

    DUPLICATE_OBJECT "LK110" Error "Two views or two explores of one name in a model."
    UNKNOWN_REFINED "LK111" Error "A refinement of what the model does not have."
    ABSTRACT_OBJECT "LK112" Error "What is there to be extended only is used as it is."
    UNKNOWN_PARENT "LK113" Error "What is extended does not exist, or extends itself in the end."
    TWO_KINDS "LK114" Error "One name for two kinds of things."
    DUPLICATE_FIELD "LK115" Error "Two fields of one name in a view."
    SEVERAL_PRIMARY_KEYS "LK116" Error "More than one primary key in a view."
    ILLEGAL_TYPE "LK117" Error "A type that this kind of field can't have."
    MISSING_PARAMETER "LK118" Error "A parameter that has to be there is missing."
    MISPLACED_PARAMETER "LK119" Error "A parameter that means nothing here."
    FINAL_REFINED "LK120" Error "A refinement of what is final."
    TWO_TABLES "LK121" Error "A view with both a table and a derived table."
    MISPLACED_BIND_ALL_FILTERS "LK122" Error "All filters bound in another explore than the derived table's, or beside single ones."

    UNKNOWN_VIEW "LK201" Error "A view that does not exist."
    DUPLICATE_JOIN "LK202" Error "Two joins of one name in an explore."
    VIEW_NOT_INCLUDED "LK203" Error "A view that exists, and that this model does not include."
    UNKNOWN_REFERENCE "LK210" Error "A reference to a field that is not there."
    EXCLUDED_REFERENCE "LK211" Error "A visible field that refers to one which the explore excludes."
    BARE_GROUP "LK212" Error "A dimension group where one of its fields is needed."
    MISPLACED_MEASURE "LK213" Error "A dimension or an aggregate that refers to a measure."
    REFERENCE_CYCLE "LK214" Error "References that go in a circle, or deeper than anything could mean."
    DERIVED_TABLE_CYCLE "LK215" Error "Derived tables that are made from each other."
    UNKNOWN_SET "LK216" Error "A set that does not exist."
    UNKNOWN_VALUE_FORMAT "LK217" Error "A named value format that does not exist."
    UNKNOWN_DECLARATION "LK218" Error "An access grant, a map layer or a datagroup that does not exist."
    REFERENCE_NOT_JOINED "LK219" Error "A view's SQL refers to a view that an explore does not join."
    JOIN_ORDER "LK220" Error "Joins that need each other, or one that filters by a later one."
    MISSING_JOIN_CONDITION "LK221" Error "A join that does not say how it joins."
    UNRELATED_JOIN_CONDITION "LK222" Warning "A join condition that does not mention the joined view."
    DRILL_NOT_JOINED "LK223" Warning "Drill fields of a view that an explore does not join."
    MISSING_RELATIONSHIP "LK224" Warning "A join without its relationship."
    DOUBTFUL_RELATIONSHIP "LK225" Warning "A join to one row whose condition does not use the joined view's primary key."
    JOINED_WITHOUT_KEY "LK226" Warning "A joined view that has measures and no primary key."
    CROSS_VIEW_REFERENCE "LK227" Warning "A view with a table that refers to another view."
    UNPROTECTED_AGGREGATE "LK228" Warning "A number measure that aggregates by itself, in a view whose rows a join can repeat."

    UNKNOWN_FIELD "LK301" Error "A field that is unknown, forbidden or not selected."
    FANOUT_WITHOUT_KEY "LK302" Error "A measure of a view whose rows a join repeats or misses, and that has no primary key."
    TWO_VALUES_OF_A_KEY "LK303" Info "A key with two values, of a measure that counts each key once. `lookml check --live` tells it: a query pays nothing for it."
    BAD_FILTER "LK310" Error "A filter expression that can't be read."
    ILLEGAL_PARAMETER_VALUE "LK311" Error "A value that a parameter does not allow."
    SORT_NOT_SELECTED "LK320" Info "A sort by a field that is not selected, which is ignored."
    NO_EFFECT "LK321" Info "Something that a query asks for and that has no effect on its answer."
    SORTED_AFTER_LIMIT "LK322" Info "Rows sorted by a table calculation after a limit cut others off."
    NO_TOTALS "LK330" Info "Totals that are left out since a filter on a measure would make them misleading."
    POST_QUERY_MEASURE "LK331" Error "A sort or a filter by a measure that is computed after the query."
    LIMIT_ABOVE_MAXIMUM "LK340" Warning "A limit above the maximum, which is used instead."

    MISSING_DESCRIPTION "LK401" Warning "A visible field without a description."
    MISSING_PRIMARY_KEY "LK402" Warning "A view without a primary key."
    VISIBLE_KEY "LK403" Warning "A primary key or a foreign key that people see."
    TIME_IN_GROUP_NAME "LK404" Warning "A dimension group whose name ends like a timeframe: its labels say it twice."
    YESNO_NAME "LK405" Warning "A yes or no whose name does not ask the question."
    MEASURE_OF_COLUMN "LK406" Warning "A measure that reads a column which a dimension has."
    UNFILTERED_COUNT "LK407" Warning "A count that counts rows without a match too."
    MISSING_VALUE_FORMAT "LK408" Warning "A measure without a value format."
    MISSING_DRILL_FIELDS "LK409" Warning "A measure without drill fields."
    UNGUARDED_DIVISION "LK410" Warning "A division by what may be zero."
    COLUMN_IN_JOIN "LK411" Warning "A join condition with columns instead of fields."
    FILE_NAME "LK412" Warning "A file that is not named like its view, or that has several."
    WILDCARD_INCLUDE "LK413" Warning "An include of whatever there is."
    UNGROUPED_FIELDS "LK414" Warning "More than twenty visible fields without a group."
    UNDESCRIBED_EXPLORE "LK415" Warning "An explore without a label or a description."
    LONG_LABEL "LK416" Warning "A label of an explore longer than a menu is wide."
    FIELD_VIEW_LABEL "LK417" Warning "A field that is moved under another view's heading."
    MISSING_RAW "LK418" Warning "A time group without the column itself."
    GENERATED_COMMENT "LK419" Warning "A comment that a generator left."
    TODO "LK420" Warning "Something that is left to do."
    AGGREGATED_IDENTIFIER "LK421" Warning "A sum or an average of an identifier or of a time."
    DUPLICATE_VIEW_LABEL "LK422" Warning "Two views under one heading in an explore."
    SEMICOLON_IN_SQL "LK423" Warning "A semicolon in the SQL of a derived table."
    UNKNOWN_DASHBOARD_FIELD "LK424" Error "An element of a dashboard with a field that does not exist."
    DUPLICATE_DASHBOARD "LK425" Error "Two dashboards with one name."
    UNKNOWN_FILTER "LK426" Error "Listening to a filter that the dashboard does not have."
    UNUSED_FIELD "LK427" Warning "A hidden field that nothing uses."

    KEY_NOT_UNIQUE "LK501" Error "A primary key that is missing in a row, or the same in two."
    JOIN_NOT_UNIQUE "LK502" Error "A join to one row that finds several."
    SQL_FAILS "LK503" Error "A field whose SQL the database refuses."

    UNKNOWN_LIQUID_TAG "LK920" Error "A Liquid tag that does not exist."
    UNKNOWN_LIQUID_FILTER "LK921" Error "A Liquid filter that does not exist."
    MALFORMED_LIQUID "LK922" Error "Liquid that can't be read."
    TOO_MUCH_LIQUID "LK923" Error "Liquid nested deeper, looping longer or growing larger than anything could mean."
    FAILED_LIQUID "LK924" Error "Liquid that can be read, and not be evaluated."
    OLD_LOOKML "LK930" Error "A file of old LookML, which is YAML."
    TABLE_BUILT_IN_STEPS "LK931" Error "A derived table that is made by statements of its own."
    UNSUPPORTED "LK932" Error "A type or a parameter that is not supported, where a query needs it."
    LOCATION_FILTER "LK933" Error "A filter on a location."
    CUSTOM_FIELD "LK934" Error "A custom measure or dimension."
    UNKNOWN_FUNCTION "LK935" Error "A function of table calculations that does not exist."
    MERGED_RESULTS "LK936" Error "A result that is merged from several queries."
    BAD_EXPRESSION "LK937" Error "An expression that can't be read or evaluated."
    MISSING_USER_ATTRIBUTE "LK940" Error "An access filter by a user attribute that the user does not have."
}

/// All of them as a page of Markdown.
pub fn reference() -> String {
    let lines = ALL.iter().map(|rule| {
        let severity = match rule.is_style() {
            true => "style",
            false => rule.severity.name(),
        };
        format!("| {} | {severity} | {} |\n", rule.code, rule.explanation)
    });
    let lines: String = lines.collect();
    format!("{HEAD}{lines}")
}

const HEAD: &str = "\
# Rules

Made from `src/diagnostic/rules.rs` by the tests (`UPDATE_DOCS=1`). A comment `# lookml-ignore: LK410` on an item or above
it switches a rule off there, in dashboards too. Those of style are asked for only where somebody wants them.

| code | severity | what is wrong |
|---|---|---|
";

#[cfg(test)]
mod tests {
    use super::ALL;

    #[test]
    fn codes_ascend() {
        let is_code = |code: &str| {
            let digits = code.strip_prefix("LK").unwrap_or_default();
            digits.len() == 3 && digits.bytes().all(|byte| byte.is_ascii_digit())
        };
        assert!(ALL.iter().all(|rule| is_code(rule.code)));
        assert!(ALL.is_sorted_by(|one, next| one.code < next.code));
    }

    #[test]
    fn each_is_explained_in_a_sentence() {
        assert!(ALL.iter().all(|rule| rule.explanation.ends_with('.')));
    }
}
