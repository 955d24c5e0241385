//! What can't be read, and where.

use super::printed;

#[test]
fn mistakes_are_told_with_their_place() {
    let mistakes = [
        "a {% include 'x' %}",
        "a {% iff x %}{% endif %}",
        "{{ x | nope: 1 }}",
        "{{ x | replace }}",
        "{{ x | split: ',', 2 }}",
        "{{ x | upcase: 1 }}",
        "{{ x | }}",
        "{{ x y }}",
        "{{ 'x }}",
        "{{ x",
        "{% if x",
        "{% %}",
        "{% if %}x{% endif %}",
        "{% if x = 1 %}{% endif %}",
        "{% if x && y %}{% endif %}",
        "{% if (x or y) and z %}{% endif %}",
        "{% if x == %}{% endif %}",
        "{% if x | size > 3 %}{% endif %}",
        "{% if x and %}{% endif %}",
        "{% if x %}a{% else if y %}b{% endif %}",
        "{% if x %}a{% else %}b{% else %}c{% endif %}",
        "{% if x %}a",
        "{% if x %}a{% endfor %}",
        "{% endif %}",
        "{% else %}",
        "{% assign x %}",
        "{% assign x = %}",
        "{% assign x.y = 1 %}",
        "{% assign x = a == b %}",
        "{% for x %}{% endfor %}",
        "{% for x in %}{% endfor %}",
        "{% for x in (1..) %}{% endfor %}",
        "{% for x in l by: 2 %}{% endfor %}",
        "{% break %}",
        "{% capture %}{% endcapture %}",
        "{% case %}{% endcase %}",
        "{% case x %}{% when %}{% endcase %}",
        "{% parameter %}",
        "{% parameter 'x' %}",
        "{% date_start a b %}",
        "{% condition a.%}x{% endcondition %}",
        "{% condition orders.unknown %}x{% endcondition %}",
        "{% raw %}x",
        "{% comment %}x",
        "{{ true.x }}",
        "{{ x[1 }}",
        "{{ x. }}",
        "{{ é }}",
        "{% if 'a' > 1 %}{% endif %}",
        "{% if true < 1 %}{% endif %}",
        "{{ 'a' | concat: 'b' }}",
    ];
    let lines = mistakes.map(|mistake| format!("{mistake}\n    {}", printed(mistake)));
    insta::assert_snapshot!(lines.join("\n"), @r#"
    a {% include 'x' %}
        LK920 at "{% include 'x' %}": there is no tag `include`
    a {% iff x %}{% endif %}
        LK920 at "{% iff x %}{% endif %}": there is no tag `iff`
    {{ x | nope: 1 }}
        LK921 at "nope: 1 }}": there is no filter `nope`
    {{ x | replace }}
        LK922 at "replace }}": `replace` takes 1 or 2 arguments, not 0
    {{ x | split: ',', 2 }}
        LK922 at "split: ',', 2 }}": `split` takes one argument, not 2
    {{ x | upcase: 1 }}
        LK922 at "upcase: 1 }}": `upcase` takes no argument, not 1
    {{ x | }}
        LK922 at " }}": the name of a filter is missing
    {{ x y }}
        LK922 at "y }}": `y` is not expected here
    {{ 'x }}
        LK922 at "{{ 'x }}": a quote is missing, or `}}`
    {{ x
        LK922 at "{{ x": `}}` is missing
    {% if x
        LK922 at "{% if x": `%}` is missing
    {% %}
        LK922 at "{% %}": the name of a tag is missing
    {% if %}x{% endif %}
        LK922 at " %}x{% endif %}": a value is missing
    {% if x = 1 %}{% endif %}
        LK922 at "= 1 %}{% endif %}": `=` is not expected here
    {% if x && y %}{% endif %}
        LK922 at "&& y %}{% endif %}": `&` means nothing here
    {% if (x or y) and z %}{% endif %}
        LK922 at "(x or y) and z %}{% endif %}": a value is expected here, not `(`
    {% if x == %}{% endif %}
        LK922 at " %}{% endif %}": a value is missing
    {% if x | size > 3 %}{% endif %}
        LK922 at "| size > 3 %}{% endif %}": `|` is not expected here
    {% if x and %}{% endif %}
        LK922 at " %}{% endif %}": a value is missing
    {% if x %}a{% else if y %}b{% endif %}
        LK922 at "{% else if y %}b{% endif %}": `else if` is `else` and something more: write `elsif`
    {% if x %}a{% else %}b{% else %}c{% endif %}
        LK922 at "{% else %}c{% endif %}": `else` does not belong here
    {% if x %}a
        LK922 at "{% if x %}a": `if` is never closed
    {% if x %}a{% endfor %}
        LK922 at "{% endfor %}": `endfor` does not belong here
    {% endif %}
        LK922 at "{% endif %}": `endif` does not belong here
    {% else %}
        LK922 at "{% else %}": `else` does not belong here
    {% assign x %}
        LK922 at " %}": `=` is missing
    {% assign x = %}
        LK922 at " %}": a value is missing
    {% assign x.y = 1 %}
        LK922 at ".y = 1 %}": `=` is expected here, not `.`
    {% assign x = a == b %}
        LK922 at "== b %}": `==` is not expected here
    {% for x %}{% endfor %}
        LK922 at " %}{% endfor %}": `in` is missing
    {% for x in %}{% endfor %}
        LK922 at " %}{% endfor %}": a value is missing
    {% for x in (1..) %}{% endfor %}
        LK922 at ") %}{% endfor %}": a value is expected here, not `)`
    {% for x in l by: 2 %}{% endfor %}
        LK922 at "by: 2 %}{% endfor %}": `by` is not expected here
    {% break %}
        LK922 at "{% break %}": `break` outside of a `for`
    {% capture %}{% endcapture %}
        LK922 at " %}{% endcapture %}": a name is missing
    {% case %}{% endcase %}
        LK922 at " %}{% endcase %}": a value is missing
    {% case x %}{% when %}{% endcase %}
        LK922 at " %}{% endcase %}": a value is missing
    {% parameter %}
        LK922 at " %}": the name of a field is missing
    {% parameter 'x' %}
        LK922 at "'x' %}": the name of a field is expected here, not a text
    {% date_start a b %}
        LK922 at "b %}": `b` is not expected here
    {% condition a.%}x{% endcondition %}
        LK922 at "%}x{% endcondition %}": the name of a field is missing
    {% condition orders.unknown %}x{% endcondition %}
        LK301 at "{% condition orders.unknown %}x{% endcondition %}": there is no `orders.unknown`
    {% raw %}x
        LK922 at "{% raw %}x": `raw` is never closed
    {% comment %}x
        LK922 at "{% comment %}x": `comment` is never closed
    {{ true.x }}
        LK922 at "true.x }}": `true` has no parts
    {{ x[1 }}
        LK922 at " }}": `]` is missing
    {{ x. }}
        LK922 at " }}": a name is missing
    {{ é }}
        LK922 at "é }}": `é` means nothing here
    {% if 'a' > 1 %}{% endif %}
        LK924 at "'a' > 1 %}{% endif %}": a text is neither less nor more than a number
    {% if true < 1 %}{% endif %}
        LK924 at "true < 1 %}{% endif %}": a boolean is neither less nor more than a number
    {{ 'a' | concat: 'b' }}
        LK924 at "concat: 'b' }}": `concat` takes a list
    "#);
}
