//! What `publish --dry-run` prints.

use std::io::Write;

use anyhow::Result;
use serde_json::json;
use warehouse::Plan;

use super::chain;
use crate::cli::{PublishArgs, TextFormat};
use crate::output::{Terminal, counted, megabytes, plain_table, thousands};

/// What a publication would do.
pub(super) struct Preview {
    pub(super) plan: Plan,
    /// Bytes of each file.
    pub(super) sizes: Vec<u64>,
    /// Load jobs, where their number is limited.
    pub(super) jobs: Option<usize>,
    /// What would keep it, or a table of it, from being done.
    pub(super) obstacles: Vec<warehouse::Error>,
}

impl Preview {
    pub(super) fn tell(&self, args: &PublishArgs, terminal: Terminal) -> Result<()> {
        let obstacles = self.obstacles.iter();
        let obstacles = obstacles.map(|error| format!("it would fail: {}", chain(error)));
        let notes: Vec<String> = self.plan.notes.iter().cloned().chain(obstacles).collect();
        if args.format == TextFormat::Json {
            let preview = self.json(&args.target, &notes);
            writeln!(
                std::io::stdout(),
                "{}",
                serde_json::to_string_pretty(&preview)?
            )?;
            return Ok(());
        }
        for note in &notes {
            terminal.warn(note);
        }
        let mut hints: Vec<String> = Vec::new();
        hints.extend(
            self.obstacles
                .iter()
                .filter_map(crate::error::warehouse_hint),
        );
        hints.dedup();
        for hint in hints {
            terminal.say(&format!("  {hint}"));
        }
        self.write(&mut std::io::stdout().lock())
    }

    fn bytes(&self) -> u64 {
        self.sizes.iter().sum()
    }

    fn json(&self, target: &str, notes: &[String]) -> serde_json::Value {
        let plan = &self.plan;
        let pieces = plan.pieces.iter().zip(&self.sizes);
        let pieces = pieces.map(|(piece, bytes)| {
            json!({
                "table": piece.table,
                "part": piece.part.to_string(),
                "units": piece.changed,
                "rows": piece.rows(),
                "bytes": bytes,
            })
        });
        let removed = plan.removed.iter().map(|(_, unit)| unit.to_string());
        json!({
            "target": target,
            "pieces": pieces.collect::<Vec<_>>(),
            "removed": removed.collect::<Vec<_>>(),
            "current": plan.current,
            "bytes": self.bytes(),
            "jobs": self.jobs,
            "notes": notes,
        })
    }

    fn write(&self, out: &mut impl Write) -> Result<()> {
        let plan = &self.plan;
        if !plan.pieces.is_empty() {
            let rows = plan.pieces.iter().zip(&self.sizes);
            let rows = rows.map(|(piece, bytes)| {
                vec![
                    piece.table.to_owned(),
                    piece.part.to_string(),
                    piece.changed.to_string(),
                    thousands(piece.rows()),
                    megabytes(*bytes),
                ]
            });
            let names = ["table", "replaced", "units", "rows", "size"];
            let numeric = [false, false, true, true, true];
            writeln!(out, "{}", plain_table(&names, &numeric, rows.collect()))?;
        }
        for (_, unit) in &plan.removed {
            writeln!(out, "{unit}: no rows are left")?;
        }
        let jobs = self.jobs.map_or_else(String::new, |jobs| {
            format!(" in {}", counted(jobs as u64, "load job"))
        });
        writeln!(
            out,
            "{} to publish, {}{jobs}; {} there already",
            counted(plan.unit_count() as u64, "unit"),
            megabytes(self.bytes()),
            plan.current,
        )?;
        Ok(())
    }
}
