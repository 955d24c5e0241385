//! What a template mentions.

use std::fmt::Write as _;

use lookml::liquid::Template;

#[test]
fn everything_from_outside_is_mentioned_once_a_place() {
    let text = "{% if orders.status._in_query and _filters['orders.id'] != nil %}\
        {{ orders.count._rendered_value | append: orders.total._value }}{{ value }}{{ row['orders.name'] }}\
        {% endif %}{% assign x = status._value %}{{ x }}{{ x.size }}\
        {% for y in _user_attributes['z'] limit: orders.n._parameter_value %}{{ y }}{{ forloop.index }}{{ list[y] }}{% endfor %}\
        {% case a.b._value %}{% when c._value %}{% capture d %}{{ e._link }}{% endcapture %}{% endcase %}\
        {% condition orders.date %} {{ f }} {% endcondition %}{% condition %}x{% endcondition %}\
        {% date_start p %}{% date_end p %}{% parameter orders.q %}";
    let mut out = String::new();
    for reference in Template::parse(text).unwrap().references() {
        let rest = text.get(reference.position..).unwrap();
        writeln!(
            out,
            "{:?} {:?} field {:?} member {:?} at {:.12}",
            reference.kind,
            reference.path,
            reference.field(),
            reference.member(),
            rest,
        )
        .unwrap();
    }
    insta::assert_snapshot!(out, @r#"
    Value ["orders", "status", "_in_query"] field Some("orders.status") member Some("_in_query") at orders.statu
    Value ["_filters", "orders.id"] field Some("orders.id") member None at _filters['or
    Value ["orders", "count", "_rendered_value"] field Some("orders.count") member Some("_rendered_value") at orders.count
    Value ["orders", "total", "_value"] field Some("orders.total") member Some("_value") at orders.total
    Value ["value"] field None member None at value }}{{ r
    Value ["row", "orders.name"] field Some("orders.name") member None at row['orders.
    Value ["status", "_value"] field Some("status") member Some("_value") at status._valu
    Value ["_user_attributes", "z"] field None member None at _user_attrib
    Value ["orders", "n", "_parameter_value"] field Some("orders.n") member Some("_parameter_value") at orders.n._pa
    Value ["list"] field None member None at list[y] }}{%
    Value ["a", "b", "_value"] field Some("a.b") member Some("_value") at a.b._value %
    Value ["c", "_value"] field Some("c") member Some("_value") at c._value %}{
    Value ["e", "_link"] field Some("e") member Some("_link") at e._link }}{%
    Condition ["orders", "date"] field Some("orders.date") member None at {% condition
    Value ["f"] field None member None at f }} {% endc
    Condition [] field None member None at {% condition
    DateStart ["p"] field Some("p") member None at {% date_star
    DateEnd ["p"] field Some("p") member None at {% date_end 
    Parameter ["orders", "q"] field Some("orders.q") member None at {% parameter
    "#);
}
