# What microdata.rs asks, of R's survey; run by `cargo xtask bench stats`.
file <- commandArgs(TRUE)[1]
suppressPackageStartupMessages(library(survey))
start <- proc.time()
data <- read.csv(file, stringsAsFactors = TRUE)
design <- svydesign(ids = ~town, strata = ~stratum, weights = ~weight, data = data)
totals <- c("(Intercept)" = 25e6, sexm = 12e6, "age35-54" = 9e6, "age55+" = 8e6)
raked <- calibrate(design, ~ sex + age, totals, calfun = "raking", epsilon = 1e-10)
results <- list(
  mean = svymean(~satisfaction, raked),
  proportion = svymean(~aware, raked),
  ratio = svyratio(~spent, ~income, raked)
)
areas <- svyby(~satisfaction, ~area, raked, svymean)
spent <- proc.time() - start
cat(sprintf("seconds=%.3f\n", spent[["user.self"]] + spent[["sys.self"]]))
cat(sprintf("elapsed=%.3f\n", spent[["elapsed"]]))
status <- readLines("/proc/self/status")
cat(sprintf("peak_kb=%s\n", gsub("[^0-9]", "", grep("^VmHWM", status, value = TRUE))))
for (name in names(results)) {
  cat(sprintf("%s=%.12f\n", name, coef(results[[name]])[1]))
  cat(sprintf("%s_se=%.12f\n", name, SE(results[[name]])[1]))
}
cat(sprintf("area=%.12f\narea_se=%.12f\n", coef(areas)[1], SE(areas)[1]))
