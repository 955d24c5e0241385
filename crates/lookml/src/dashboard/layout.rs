//! Where the elements of a dashboard stand.

use super::reader::Reader;
use super::yaml::Node;
use super::{Dashboard, Element};

/// How elements are placed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Layout {
    /// On a grid of 24 columns, where each says.
    Newspaper,
    /// In rows that the dashboard lists.
    Grid,
    /// One after the other.
    Tile,
    /// At places in pixels.
    Static,
}

/// Where an element stands on the grid of 24 columns, in columns and rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "nothing to add")]
pub struct Tile {
    pub row: u32,
    pub column: u32,
    pub width: u32,
    pub height: u32,
}

const LAYOUTS: &[(&str, Layout)] = &[
    ("newspaper", Layout::Newspaper),
    ("grid", Layout::Grid),
    ("tile", Layout::Tile),
    ("static", Layout::Static),
];

const COLUMNS: u32 = 24;
const WIDTH: u32 = 8;
const HEIGHT: u32 = 6;
/// Further down or higher than this is a slip, and would be a page that nobody scrolls to the end.
const FARTHEST: u32 = 10_000;

impl Reader {
    pub(super) fn layout(&mut self, node: &Node) -> Layout {
        let layout = self.choice(node, "layout", LAYOUTS);
        layout.unwrap_or(Layout::Newspaper)
    }
}

impl Dashboard {
    /// The places of the elements, in their order. Elements without a place, and all those of the other layouts,
    /// stand in rows of three below the others.
    pub fn tiles(&self) -> Vec<Tile> {
        let is_newspaper = self.layout == Layout::Newspaper;
        let placed = |element: &Element| is_newspaper.then(|| element.tile()).flatten();
        let ends = self.elements.iter().filter_map(placed).map(Tile::end);
        let mut flow = Flow {
            row: ends.max().unwrap_or(0),
            column: 0,
            height: 0,
        };
        let tiles = self.elements.iter().map(|element| {
            placed(element).unwrap_or_else(|| {
                let (width, height) = match is_newspaper {
                    true => (element.width(), element.height()),
                    false => (WIDTH, HEIGHT),
                };
                flow.place(width, height)
            })
        });
        tiles.collect()
    }
}

impl Element {
    /// Where it says that it stands. A grid has 24 columns, whatever it says.
    fn tile(&self) -> Option<Tile> {
        let width = self.width();
        Some(Tile {
            row: self.row?.min(FARTHEST),
            column: self.column?.min(COLUMNS - width),
            width,
            height: self.height(),
        })
    }

    fn width(&self) -> u32 {
        self.width.unwrap_or(WIDTH).clamp(1, COLUMNS)
    }

    fn height(&self) -> u32 {
        self.height.unwrap_or(HEIGHT).clamp(1, FARTHEST)
    }
}

impl Tile {
    /// The row below it.
    fn end(self) -> u32 {
        self.row + self.height
    }
}

/// Where the next element without a place comes.
struct Flow {
    row: u32,
    column: u32,
    /// Of the highest element in this row.
    height: u32,
}

impl Flow {
    fn place(&mut self, width: u32, height: u32) -> Tile {
        if self.column + width > COLUMNS {
            self.row = self.row.saturating_add(self.height);
            self.column = 0;
            self.height = 0;
        }
        let tile = Tile {
            row: self.row,
            column: self.column,
            width,
            height,
        };
        self.column += width;
        self.height = self.height.max(height);
        tile
    }
}
