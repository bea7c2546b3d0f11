#pragma once

#include "core/weights/load.h"
#include "core/zoo/zoo.h"

#include <cstddef>
#include <string>
#include <vector>

namespace rnnscope::ui {

/// Does a zoo's property `file` call the file so? By its name, or by folder and name where several have the same.
bool isCalled(const weights::LoadReport& report, const std::string& title);

/// Of the file that a network comes from; null when there is none.
const weights::LoadReport* reportOf(const std::vector<weights::LoadReport>& reports, const zoo::Zoo& zoo,
                                    std::size_t row);

} // namespace rnnscope::ui
