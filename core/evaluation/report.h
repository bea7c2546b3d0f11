#pragma once

#include "core/evaluation/evaluation.h"

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

/// An evaluation as people, spreadsheets and programs read it.
namespace rnnscope::evaluation {

/// "total variation", "exact", "MAE", "Kendall's tau": short words for tables.
std::string title(std::string_view metric);
/// "0.0642", with several seeds "0.0642 ± 0.0011"; an en dash where nothing was measured.
std::string format(const Estimate& estimate);

/// A block for each property and metric: methods down, parts across, what a constant guess reaches first.
std::string toText(const Evaluation& evaluation);
/// One line per number: table,property,metric,unit,method,part,mean,half_width,seeds,baseline,networks.
std::string toCsv(const Evaluation& evaluation);
/// {"zoo", "level", "table": [{"property", "metric", …}], "measured": […], "notes": […]}; NaN is null.
nlohmann::json toJson(const Evaluation& evaluation);

} // namespace rnnscope::evaluation
