//! How the cost of merging, generating and comparing grows with the number of pages, drawn.

use std::{error::Error, fs, path::Path};

use plotters::prelude::*;
use serde::Serialize;

use crate::{
    inputs::Inputs,
    measure::{self, Cost},
    report::figures,
    rows::pagebind,
};

/// What the row is called.
pub(crate) const NAME: &str = "growth";

const COUNTS: [usize; 5] = [100, 659, 1_647, 3_295, 6_590];

/// The costs of one step for each number of pages.
#[derive(Debug, Serialize)]
struct Step {
    name: &'static str,
    costs: Vec<(usize, Cost)>,
}

/// Measures the steps on more and more pages, and writes `growth.json` and `growth.svg`.
pub(crate) fn run(
    root: &Path,
    inputs: &Inputs,
    runs: usize,
    machine: &str,
    folder: &Path,
) -> Result<(), Box<dyn Error>> {
    let pages = inputs.pages("digitalocean")?.ok_or("missing: digitalocean/ in bench/inputs")?;
    let mut steps = ["merge", "generate", "diff"].map(|name| Step { name, costs: Vec::new() });
    for count in COUNTS {
        let made = inputs.as_many(&pages, count)?;
        let (made, out) = (made.to_string_lossy(), inputs.scratch("growth"));
        let written = out.to_string_lossy();
        for step in &mut steps {
            let process = match step.name {
                "merge" => pagebind(root, &["merge", "--pages", &made, "--out", &written]),
                "generate" => pagebind(root, &["generate", "--pages", &made, "--out", &written]),
                _ => pagebind(root, &["diff", &made, &made]),
            };
            let process = process.after_removing(vec![out.clone()]);
            let cost = measure::in_turns(&[&process], runs)?[0].median();
            println!("{NAME:<18} {:<10} {count:>5} pages  {}", step.name, figures(cost));
            step.costs.push((count, cost));
        }
        // What was measured is kept, should the next count be too many.
        let kept = serde_json::json!({ "machine": machine, "steps": steps });
        fs::write(folder.join("growth.json"), format!("{kept:#}\n"))?;
        draw(&steps, &folder.join("growth.svg"))?;
    }
    Ok(())
}

/// Draws processor time and memory side by side, a line for each step.
fn draw(steps: &[Step], path: &Path) -> Result<(), Box<dyn Error>> {
    #[expect(clippy::cast_precision_loss, reason = "a plot is not read to the byte")]
    let megabytes = |cost: Cost| cost.peak as f64 / 1e6;
    let area = SVGBackend::new(path, (960, 400)).into_drawing_area();
    area.fill(&WHITE)?;
    let sides = area.split_evenly((1, 2));
    let seconds = |cost: Cost| cost.cpu;
    let of: [(&str, &dyn Fn(Cost) -> f64); 2] = [("CPU seconds", &seconds), ("MB", &megabytes)];
    let last = steps.iter().flat_map(|step| &step.costs).map(|(count, _)| *count).max();
    let last = last.unwrap_or_default();
    for (side, (title, value)) in sides.iter().zip(of) {
        let all = steps.iter().flat_map(|step| &step.costs).map(|(_, cost)| value(*cost));
        let most = all.fold(0.0, f64::max);
        let mut chart = ChartBuilder::on(side)
            .margin(12)
            .caption(format!("{title} by pages"), ("sans-serif", 16))
            .x_label_area_size(30)
            .y_label_area_size(50)
            .build_cartesian_2d(0..last, 0.0..most * 1.05)?;
        chart.configure_mesh().light_line_style(TRANSPARENT).draw()?;
        for (index, step) in steps.iter().enumerate() {
            let color = Palette99::pick(index).to_rgba();
            let points = step.costs.iter().map(|(count, cost)| (*count, value(*cost)));
            chart
                .draw_series(LineSeries::new(points, color.stroke_width(2)).point_size(3))?
                .label(step.name)
                .legend(move |(x, y)| {
                    PathElement::new([(x, y), (x + 16, y)], color.stroke_width(2))
                });
        }
        let labels = SeriesLabelPosition::UpperLeft;
        chart.configure_series_labels().position(labels).border_style(BLACK).draw()?;
    }
    Ok(area.present()?)
}
