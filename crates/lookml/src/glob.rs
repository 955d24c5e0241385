//! Patterns of `include`: `*` within a segment, `**` for whole segments, `[…]` for one character.

/// Whether a pattern matches a path; both are relative to the same folder, with `/`.
pub(crate) fn matches(pattern: &str, path: &str) -> bool {
    let pattern: Vec<&str> = pattern.split('/').collect();
    let path: Vec<&str> = path.split('/').collect();
    // Of the pattern up to here: which beginnings of the path it matches.
    let mut reached = vec![false; path.len() + 1];
    if let Some(none) = reached.first_mut() {
        *none = true;
    }
    for segment in pattern {
        reached = match segment {
            "**" => from_the_first(&reached),
            segment => one_further(&reached, segment, &path),
        };
    }
    reached.last().copied().unwrap_or_default()
}

fn from_the_first(reached: &[bool]) -> Vec<bool> {
    let mut is_reached = false;
    let reach = |here: &bool| {
        is_reached |= *here;
        is_reached
    };
    reached.iter().map(reach).collect()
}

fn one_further(reached: &[bool], segment: &str, path: &[&str]) -> Vec<bool> {
    let further = reached
        .iter()
        .zip(path)
        .map(|(is_reached, name)| *is_reached && is_segment(segment, name));
    std::iter::once(false).chain(further).collect()
}

/// One segment: where the rest does not match, the last `*` takes one character more.
fn is_segment(pattern: &str, name: &str) -> bool {
    let (mut pattern, mut name) = (pattern, name);
    let mut again: Option<(&str, &str)> = None;
    loop {
        if let Some(rest) = pattern.strip_prefix('*') {
            pattern = rest;
            again = Some((rest, name));
            continue;
        }
        if name.is_empty() && pattern.is_empty() {
            return true;
        }
        if let Some((rest_of_pattern, rest)) = one_character(pattern, name) {
            (pattern, name) = (rest_of_pattern, rest);
            continue;
        }
        let Some((after_star, from)) = again else {
            return false;
        };
        let mut chars = from.chars();
        if chars.next().is_none() {
            return false;
        }
        (pattern, name) = (after_star, chars.as_str());
        again = Some((after_star, name));
    }
}

/// What is left of both after one character, if it matches.
fn one_character<'a>(pattern: &'a str, name: &'a str) -> Option<(&'a str, &'a str)> {
    let mut names = name.chars();
    let c = names.next()?;
    if let Some((class, rest)) = class(pattern) {
        return is_in_class(class, c).then_some((rest, names.as_str()));
    }
    let mut patterns = pattern.chars();
    (patterns.next()? == c).then_some((patterns.as_str(), names.as_str()))
}

/// The inside of a leading `[…]`, and what follows it. A `]` at its beginning is one of its characters.
fn class(pattern: &str) -> Option<(&str, &str)> {
    let inside = pattern.strip_prefix('[')?;
    let first = inside.strip_prefix(['!', '^']).unwrap_or(inside);
    let skipped = inside.len() - first.len() + usize::from(first.starts_with(']'));
    let end = inside.get(skipped..)?.find(']')? + skipped;
    Some((inside.get(..end)?, inside.get(end + 1..)?))
}

fn is_in_class(class: &str, c: char) -> bool {
    let (is_negated, class) = match class.strip_prefix(['!', '^']) {
        Some(class) => (true, class),
        None => (false, class),
    };
    let chars: Vec<char> = class.chars().collect();
    let mut rest = chars.as_slice();
    let mut is_in = false;
    while let [first, after @ ..] = rest {
        rest = match after {
            ['-', last, after @ ..] => {
                is_in |= (*first..=*last).contains(&c);
                after
            }
            after => {
                is_in |= *first == c;
                after
            }
        };
    }
    is_in != is_negated
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn stars_stay_within_their_segments() {
        for (pattern, path, expected) in [
            ("a/*.view.lkml", "a/x.view.lkml", true),
            ("a/*.view.lkml", "a/b/x.view.lkml", false),
            ("**/*.view.lkml", "x.view.lkml", true),
            ("**/*.view.lkml", "a/b/x.view.lkml", true),
            ("a/**/x.lkml", "a/x.lkml", true),
            ("a/**/x.lkml", "b/a/x.lkml", false),
            ("*", "x", true),
            ("*", "a/x", false),
            ("a*b*c", "aXbYbZc", true),
            ("a*b*c", "aXbY", false),
            ("[!z]*.lkml", "a.lkml", true),
            ("[!z]*.lkml", "z.lkml", false),
            ("[a-c]x", "bx", true),
            ("[]x]", "]", true),
            ("[x", "[x", true),
            ("", "", true),
            ("**", "a/b", true),
            ("é*", "éa", true),
        ] {
            assert_eq!(matches(pattern, path), expected, "{pattern} {path}");
        }
    }

    #[test]
    fn many_stars_end() {
        let pattern = "*a".repeat(200);
        assert!(!matches(&pattern, &"a".repeat(199)));
        assert!(matches(&"**/".repeat(100), &"x/".repeat(100)));
    }

    proptest::proptest! {
        #[test]
        fn any_pattern_has_an_answer(pattern in "[a*\\[\\]!/é-]{0,20}", path in "[a/é]{0,20}") {
            matches(&pattern, &path);
        }

        #[test]
        fn a_path_without_meaning_matches_itself(path in "[a-z/._-]{0,20}") {
            assert!(matches(&path, &path));
        }
    }
}
