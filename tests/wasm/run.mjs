// Puts every reference case of tests/reference to the statistics in WebAssembly.
//
//     node run.mjs FOLDER    with what `wasm-bindgen --target nodejs` made of this crate
//
// A case passes as in analysis/tests: |got − expected| ≤ tol_abs (1e-12 where it is not given) or
// ≤ tol_rel·|expected|; null means undefined; what is not asserted is not compared.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";

const wasm = createRequire(import.meta.url)(resolve(process.argv[2], "wasm_cases.js"));
const folder = fileURLToPath(new URL("../reference/", import.meta.url));
const text = (file) => readFileSync(folder + file, "utf8");
const json = (file) => JSON.parse(text(file));

let passed = 0;
const failures = [];

/** Counts one case: `compare` adds to its argument what is wrong. */
function check(id, compare) {
  const faults = [];
  try {
    compare(faults);
  } catch (error) {
    faults.push(String(error));
  }
  if (faults.length === 0) passed += 1;
  else failures.push(`${id}: ${faults.slice(0, 5).join("; ")}`);
}

/** Adds to `faults` where `got` departs from `expected`. Limits may lie within `width` of an
 *  interval's width; rows of a domain are found by it. */
function compare(path, got, expected, tolerance, faults) {
  if (typeof expected === "number") {
    const error = typeof got === "number" ? Math.abs(got - expected) : NaN;
    const near = error <= tolerance.absolute || error <= tolerance.relative * Math.abs(expected);
    if (!near) faults.push(`${path} = ${JSON.stringify(got)}, not ${expected}`);
  } else if (Array.isArray(expected)) {
    if (!Array.isArray(got) || got.length < expected.length) {
      faults.push(`${path} has too few entries`);
      return;
    }
    expected.forEach((entry, i) => {
      const same = (row) => JSON.stringify(sorted(row.by)) === JSON.stringify(sorted(entry.by));
      const found = entry?.by ? got.find(same) : got[i];
      compare(`${path}[${i}]`, found, entry, tolerance, faults);
    });
  } else if (expected !== null && typeof expected === "object") {
    const width = tolerance.width * (expected.upper - expected.lower);
    for (const [key, entry] of Object.entries(expected)) {
      if (tolerance.notes?.includes(key)) continue;
      const limit = (key === "lower" || key === "upper") && width >= 0;
      const own = limit ? { ...tolerance, absolute: width } : tolerance;
      compare(`${path}.${key}`, got?.[key] ?? null, entry, own, faults);
    }
  } else if (got !== expected) {
    faults.push(`${path} = ${JSON.stringify(got)}, not ${JSON.stringify(expected)}`);
  }
}

const sorted = (by) => Object.entries(by ?? {}).sort();

function tolerances(item, relative = 0) {
  return { absolute: item.tol_abs ?? 1e-12, relative: item.tol_rel ?? relative };
}

/** Puts cases to a kind of question; `count` guards against cases that vanish. */
function hold(kind, cases, count, relative = 0) {
  if (cases.length !== count) failures.push(`${kind}: ${cases.length} cases, not ${count}`);
  for (const item of cases) {
    check(`${kind} ${item.id}`, (faults) => {
      const got = JSON.parse(wasm.batch(kind, JSON.stringify(item)));
      // A refusal is a text; one method also has a number of this name.
      if (typeof got.error === "string") faults.push(got.error);
      const answer = Object(item.expected) === item.expected ? got : (got.value ?? null);
      compare("", answer, item.expected, tolerances(item, relative), faults);
    });
  }
}

/** Puts a request to `analyze`; the first of `answers` that it agrees with is enough. */
function holdAnalysis(id, request, csv, answers, tolerance) {
  check(id, (faults) => {
    const got = JSON.parse(wasm.analyze(JSON.stringify(request), csv));
    const refused = typeof got.error === "string";
    const tries = answers.filter(Boolean).map((expected) => {
      const found = [];
      if (expected.error === true && !refused) found.push("was not refused");
      else if (expected.error !== true && refused) found.push(got.error);
      else if (!refused) compare("", got, expected, tolerance, found);
      return found;
    });
    tries.sort((a, b) => a.length - b.length);
    faults.push(...tries[0]);
  });
}

function counts() {
  const { cases, multinomial } = json("a_proportion_ci.json");
  hold("proportion", cases, 1702);
  hold("multinomial", multinomial, 15);
  const difference = json("b_difference_ci.json");
  hold("difference", difference.cases, 279);
  hold("paired", difference.paired, 75);
  hold("proportion", json("c2b_korn_graubard_nchs.json").cases, 72);
  const gap = json("c8_gap_index.json").cases.map((item) =>
    item.design ? { ...item, csv: text(`csv/${item.design.data}`) } : item,
  );
  hold("gap", gap, 5);
  hold("plan", json("g_sample_size.json").cases, 169);
  hold("test", json("h_multiplicity_trend.json").cases, 78);
  hold("quantile", json("j_special_functions.json").cases, 998, 1e-12);
}

function sequences() {
  const { sequences } = json("e_sequences.json");
  const file = json("e_confidence_sequences.json");
  const fromSeries = file.cases.map((item) => {
    const { logical_lower, logical_upper } = item;
    const logical = logical_lower ? { logical_lower, logical_upper } : {};
    const inputs = { observations: sequences[item.sequence] };
    return { ...item, inputs, expected: { ...item.expected, ...logical } };
  });
  hold("sequence", fromSeries, 82);
  hold("sequence", file.bernoulli_mixture.cases, 7);
  const boundaries = file.boundaries.rows.map((row) => {
    const { v, alpha, v_opt, ...expected } = row;
    return { id: `boundary ${v}`, inputs: row, expected, tol_rel: 1e-8 };
  });
  hold("sequence", boundaries, 54);
}

function models() {
  const selection = json("l_selection_bias.json").cases.map((item) =>
    item.data ? { ...item, inputs: { csv: text(item.data) } } : item,
  );
  hold("selection", selection, 49);
  const mubp = json("l_mubp.json").cases.map((item) => {
    const inputs = { ...item.inputs, csv: text("csv/l_mubp_selected.csv") };
    return { ...item, method: "mubp", inputs };
  });
  hold("selection", mubp, 15);
  const volunteers = json("i_nonprob_dr.json").cases.map((item) => ({
    id: item.id,
    method: item.id.startsWith("dr") ? "doubly_robust" : "mass_imputation",
    inputs: {
      nonprob: text("csv/i_nonprob_sample.csv"),
      prob: text("csv/i_prob_sample.csv"),
      covariates: ["z", "urban", "town"],
      strata: "stratum",
      model: item.id.includes("binomial") ? "binomial" : "gaussian",
      size: item.id.includes("DR1") ? "reference" : "volunteers",
    },
    expected: { mean: item.expected.mean },
    tol_rel: item.tol_rel_mean,
  }));
  hold("selection", volunteers, 4);
  const areas = json("f_fay_herriot.json").cases.map((item) => {
    const inputs = { csv: text(item.data), covariates: ["x1", "urban"] };
    return { ...item, inputs };
  });
  hold("small-area", areas, 5);
}

function designs() {
  const { cases } = json("analyze.json");
  if (cases.length !== 310) failures.push(`analyze: ${cases.length} cases, not 310`);
  for (const item of cases) {
    const tolerance = { ...tolerances(item), width: item.tol_width, notes: ["info", "kind"] };
    const answers = [item.expected, item.expected_alt];
    holdAnalysis(`analyze ${item.id}`, item.request, text(item.data), answers, tolerance);
  }
}

/** The raking cases as requests of `analyze`: a margin `town_sex` with levels `A:f` is crossed. */
function raking() {
  for (const item of json("d_raking.json").cases) {
    const header = text(item.data).split("\n", 1)[0].split(",");
    const margins = Object.entries(item.margins).map(([name, totals]) => {
      if (header.includes(name)) return { by: [name], totals };
      const crossed = ([level, total]) => [level.replace(":", "|"), total];
      return { by: name.split("_"), totals: Object.fromEntries(Object.entries(totals).map(crossed)) };
    });
    // The total of ones over a row alone is that row's weight.
    const [names, ...rows] = text(item.data).trim().split("\n");
    const numbered = rows.map((row, i) => `${row},${i},1`);
    const table = [`${names},row_number,one`, ...numbered].join("\n");
    const request = {
      design: { weights: item.base_weight },
      calibrate: [{ method: "rake", margins }],
      estimates: [{ statistic: "total", variable: "one", by: ["row_number"] }],
    };
    const { sum_w: sum, min_w: min, max_w: max, kish_deff } = item.expected ?? {};
    const weights = item.expected && text(item.expected.weights_csv).trim().split("\n").slice(1).map(Number);
    const single = weights?.map((estimate, i) => ({ by: { row_number: `${i}` }, estimate }));
    const expected = item.expected
      ? { weights: { sum, min, max, kish_deff }, estimates: [single] }
      : { error: true };
    const tolerance = { absolute: 1e-12, relative: 1e-9 };
    holdAnalysis(`raking ${item.id}`, request, table, [expected], tolerance);
  }
}

counts();
sequences();
models();
designs();
raking();
failures.forEach((failure) => console.log(failure));
const word = failures.length === 0 ? "ok" : "FAILED";
console.log(`test result: ${word}. ${passed} passed; ${failures.length} failed;`);
process.exitCode = failures.length === 0 ? 0 : 1;
