//! Fewer samples of a graph.

use serde_json::Value;

/// The samples that a request for every n-th gets: from the first on, and always the last.
pub(crate) fn kept(samples: usize, every_n: u32) -> Vec<usize> {
    let step = usize::try_from(every_n.max(1)).unwrap_or(1);
    let mut kept: Vec<usize> = (0..samples).step_by(step).collect();
    if kept.last().is_some_and(|last| last + 1 < samples) {
        kept.push(samples - 1);
    }
    kept
}

/// A whole graph with every n-th sample. Lists that do not fit the time axis stay as they are.
pub(crate) fn thinned(mut graph: Value, every_n: u32) -> Value {
    let Some(axis) = graph["seconds_since_pedaling_start"].as_array() else {
        return graph;
    };
    let samples = axis.len();
    let kept = kept(samples, every_n);
    if kept.len() < samples {
        thin(&mut graph["seconds_since_pedaling_start"], samples, &kept);
        thin_metrics(&mut graph["metrics"], samples, &kept);
    }
    graph
}

fn thin_metrics(metrics: &mut Value, samples: usize, kept: &[usize]) {
    for metric in metrics.as_array_mut().into_iter().flatten() {
        if let Some(values) = metric.get_mut("values") {
            thin(values, samples, kept);
        }
        if let Some(alternatives) = metric.get_mut("alternatives") {
            thin_metrics(alternatives, samples, kept);
        }
    }
}

fn thin(values: &mut Value, samples: usize, kept: &[usize]) {
    if let Some(all) = values.as_array().filter(|all| all.len() == samples) {
        *values = kept.iter().map(|at| all[*at].clone()).collect();
    }
}
