//! BigQuery as Google documents it: columns, months, uploads, refusals, silence and queries. What every
//! destination has in common with it is in `dataset`.

mod columns;
mod engine;
mod months;
mod refusals;
mod silence;
mod uploads;
