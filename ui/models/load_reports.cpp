#include "ui/models/load_reports.h"

#include "core/base/printable.h"

#include <algorithm>

namespace rnnscope::ui {

bool isCalled(const weights::LoadReport& report, const std::string& title)
{
    const auto name = report.file.filename();
    return printable(name.string()) == title
        || printable((report.file.parent_path().filename() / name).string()) == title;
}

const weights::LoadReport* reportOf(const std::vector<weights::LoadReport>& reports, const zoo::Zoo& zoo,
                                    std::size_t row)
{
    const auto* files = zoo.property("file");
    if (files == nullptr || row >= files->values.size())
        return reports.size() == 1 ? &reports.front() : nullptr;
    const auto label = static_cast<std::size_t>(files->values[row]);
    if (label >= files->labels.size())
        return nullptr;
    const auto at = std::find_if(reports.begin(), reports.end(),
                                 [&](const weights::LoadReport& each) { return isCalled(each, files->labels[label]); });
    return at == reports.end() ? nullptr : &*at;
}

} // namespace rnnscope::ui
