//! Pieces to a tree. Each tag is a method of its name.

use super::error::LiquidError;
use super::markup::Markup;
use super::pieces::{Inside, Piece, Pieces, Tag};
use super::syntax::{Branch, Loop, Node, NodeKind, Operand, Over, When};
use crate::diagnostic::rules;

/// Blocks in blocks.
const DEPTH: usize = 100;

/// Words that end a block or a part of one.
const ENDS: [&str; 13] = [
    "else",
    "elsif",
    "when",
    "endif",
    "endunless",
    "endcase",
    "endfor",
    "endcapture",
    "endcondition",
    "endincrementcondition",
    "endraw",
    "endcomment",
    "end",
];

pub(super) fn parse(text: &str) -> Result<Vec<Node>, LiquidError> {
    let mut parser = Parser {
        pieces: Pieces::of(text),
        depth: 0,
        cycles: 0,
    };
    let (nodes, _) = parser.nodes(&[])?;
    Ok(nodes)
}

struct Parser<'a> {
    pieces: Pieces<'a>,
    depth: usize,
    /// How many `for` are open.
    cycles: usize,
}

impl<'a> Parser<'a> {
    /// Up to one of these tags, which is handed back, or up to the end.
    fn nodes(&mut self, ends: &[&str]) -> Result<(Vec<Node>, Option<Tag<'a>>), LiquidError> {
        let mut nodes = Vec::new();
        while let Some((at, piece)) = self.pieces.next()? {
            let kind = match piece {
                Piece::Text("") => continue,
                Piece::Text(text) => NodeKind::Text(text.to_owned()),
                Piece::Output(inside) => NodeKind::Output(Markup::of(inside)?.filtered()?),
                Piece::Tag(tag) if ends.contains(&tag.name) => return Ok((nodes, Some(tag))),
                Piece::Tag(tag) => match self.tag(tag)? {
                    Some(kind) => kind,
                    None => continue,
                },
            };
            nodes.push(Node { at, kind });
        }
        Ok((nodes, None))
    }

    /// What a block holds, and the tag that ends it.
    fn block(&mut self, tag: Tag<'a>, ends: &[&str]) -> Result<(Vec<Node>, Tag<'a>), LiquidError> {
        if self.depth >= DEPTH {
            let message = format!("blocks are nested deeper than {DEPTH}");
            return Err(LiquidError::new(tag.at, rules::TOO_MUCH_LIQUID, message));
        }
        self.depth += 1;
        let (nodes, end) = self.nodes(ends)?;
        self.depth -= 1;
        let never_closed = || {
            let message = format!("`{}` is never closed", tag.name);
            LiquidError::malformed(tag.at, message)
        };
        Ok((nodes, end.ok_or_else(never_closed)?))
    }

    /// None: it makes nothing, like a comment.
    fn tag(&mut self, tag: Tag<'a>) -> Result<Option<NodeKind>, LiquidError> {
        let kind = match tag.name {
            "if" => self.test(tag, false, "endif")?,
            "unless" => self.test(tag, true, "endunless")?,
            "case" => self.case(tag)?,
            "for" => self.r#for(tag)?,
            "break" => self.leave(tag, NodeKind::Break)?,
            "continue" => self.leave(tag, NodeKind::Continue)?,
            "assign" => assign(tag.rest)?,
            "capture" => self.capture(tag)?,
            "condition" => self.condition(tag)?,
            "incrementcondition" => {
                NodeKind::IncrementCondition(self.block(tag, &["endincrementcondition"])?.0)
            }
            "date_start" => NodeKind::DateStart(Markup::of(tag.rest)?.field()?),
            "date_end" => NodeKind::DateEnd(Markup::of(tag.rest)?.field()?),
            "parameter" => NodeKind::Parameter(Markup::of(tag.rest)?.field()?),
            "raw" => {
                alone(tag)?;
                NodeKind::Text(self.pieces.raw(tag)?.to_owned())
            }
            "comment" => {
                self.pieces.skip_comment(tag)?;
                return Ok(None);
            }
            "#" => return Ok(None),
            _ => return Err(unknown(tag)),
        };
        Ok(Some(kind))
    }

    /// `if` and `unless`.
    fn test(&mut self, opener: Tag<'a>, negated: bool, end: &str) -> Result<NodeKind, LiquidError> {
        let mut branches = Vec::new();
        let mut begin = opener;
        let mut negated = negated;
        loop {
            let test = match begin.name {
                "else" => None,
                _ => Some(Markup::of(begin.rest)?.test()?),
            };
            let is_last = test.is_none();
            let ends: &[&str] = if is_last {
                &[end]
            } else {
                &["elsif", "else", end]
            };
            let (body, next) = self.block(opener, ends)?;
            branches.push(Branch {
                test,
                negated: std::mem::take(&mut negated),
                body,
            });
            if next.name == end {
                return Ok(NodeKind::If(branches));
            }
            if next.name == "else" {
                alone_else(next)?;
            }
            begin = next;
        }
    }

    fn case(&mut self, tag: Tag<'a>) -> Result<NodeKind, LiquidError> {
        let mut markup = Markup::of(tag.rest)?;
        let subject = markup.operand()?;
        markup.finish()?;
        // What stands before the first `when` is never printed.
        let (_, mut next) = self.block(tag, &["when", "else", "endcase"])?;
        let mut whens = Vec::new();
        let mut otherwise = Vec::new();
        while next.name != "endcase" {
            let begin = next;
            let values = match begin.name {
                "when" => Some(when(begin.rest)?),
                _ => None,
            };
            let ends: &[&str] = match values {
                Some(_) => &["when", "else", "endcase"],
                None => &["endcase"],
            };
            let body;
            (body, next) = self.block(tag, ends)?;
            match values {
                Some(values) => whens.push(When { values, body }),
                None => {
                    alone_else(begin)?;
                    otherwise = body;
                }
            }
        }
        Ok(NodeKind::Case {
            subject,
            whens,
            otherwise,
        })
    }

    fn r#for(&mut self, tag: Tag<'a>) -> Result<NodeKind, LiquidError> {
        let mut cycle = for_head(tag.rest)?;
        self.cycles += 1;
        let (body, next) = self.block(tag, &["else", "endfor"])?;
        self.cycles -= 1;
        cycle.body = body;
        if next.name == "else" {
            alone_else(next)?;
            (cycle.otherwise, _) = self.block(tag, &["endfor"])?;
        }
        Ok(NodeKind::For(Box::new(cycle)))
    }

    /// `break` and `continue`. Ruby drops the rest of a template that has one outside of a `for`.
    fn leave(&self, tag: Tag<'a>, kind: NodeKind) -> Result<NodeKind, LiquidError> {
        if self.cycles == 0 {
            let message = format!("`{}` outside of a `for`", tag.name);
            return Err(LiquidError::malformed(tag.at, message));
        }
        alone(tag)?;
        Ok(kind)
    }

    fn capture(&mut self, tag: Tag<'a>) -> Result<NodeKind, LiquidError> {
        let mut markup = Markup::of(tag.rest)?;
        let name = markup.quoted_name()?.to_owned();
        markup.finish()?;
        let (body, _) = self.block(tag, &["endcapture"])?;
        Ok(NodeKind::Capture { name, body })
    }

    fn condition(&mut self, tag: Tag<'a>) -> Result<NodeKind, LiquidError> {
        let mut markup = Markup::of(tag.rest)?;
        let field = match markup.is_done() {
            true => None,
            false => Some(markup.field()?),
        };
        let (body, _) = self.block(tag, &["endcondition"])?;
        Ok(NodeKind::Condition { field, body })
    }
}

/// `name = value | filter`
fn assign(inside: Inside<'_>) -> Result<NodeKind, LiquidError> {
    let mut markup = Markup::of(inside)?;
    let name = markup.name("a name")?.to_owned();
    markup.expect("=")?;
    let value = markup.filtered()?;
    if value.operand.is_none() {
        return Err(LiquidError::malformed(markup.at(), "a value is missing"));
    }
    Ok(NodeKind::Assign { name, value })
}

/// `'day', 'days'`, `'day' or 'days'`
fn when(inside: Inside<'_>) -> Result<Vec<Operand>, LiquidError> {
    let mut markup = Markup::of(inside)?;
    let values = markup.operands(&[",", "or"])?;
    markup.finish()?;
    Ok(values)
}

/// `name in values`, `name in (1..5) reversed limit: 2 offset: 1`
fn for_head(inside: Inside<'_>) -> Result<Loop, LiquidError> {
    let mut markup = Markup::of(inside)?;
    let name = markup.name("a name")?.to_owned();
    markup.expect("in")?;
    let mut cycle = Loop {
        name,
        over: over(&mut markup)?,
        limit: None,
        offset: None,
        reversed: false,
        body: Vec::new(),
        otherwise: Vec::new(),
    };
    while !markup.is_done() {
        if markup.accept("reversed") {
            cycle.reversed = true;
        } else if markup.accept("limit") {
            markup.expect(":")?;
            cycle.limit = Some(markup.operand()?);
        } else if markup.accept("offset") {
            markup.expect(":")?;
            cycle.offset = Some(markup.operand()?);
        } else if !markup.accept(",") {
            markup.finish()?;
        }
    }
    Ok(cycle)
}

fn over(markup: &mut Markup<'_>) -> Result<Over, LiquidError> {
    if !markup.accept("(") {
        return Ok(Over::Values(markup.operand()?));
    }
    let first = markup.operand()?;
    markup.expect("..")?;
    let last = markup.operand()?;
    markup.expect(")")?;
    Ok(Over::Range(first, last))
}

/// A tag of one word.
fn alone(tag: Tag<'_>) -> Result<(), LiquidError> {
    Markup::of(tag.rest)?.finish()
}

/// Ruby takes `else if x` for `else`, which is never what was meant.
fn alone_else(tag: Tag<'_>) -> Result<(), LiquidError> {
    if tag.rest.text.starts_with("if") {
        let message = "`else if` is `else` and something more: write `elsif`";
        return Err(LiquidError::malformed(tag.at, message));
    }
    alone(tag)
}

fn unknown(tag: Tag<'_>) -> LiquidError {
    if ENDS.contains(&tag.name) {
        let message = format!("`{}` does not belong here", tag.name);
        return LiquidError::malformed(tag.at, message);
    }
    if tag.name.is_empty() {
        return LiquidError::malformed(tag.at, "the name of a tag is missing");
    }
    LiquidError::new(
        tag.at,
        rules::UNKNOWN_LIQUID_TAG,
        format!("there is no tag `{}`", tag.name),
    )
}
