#include "ui/models/saving.h"

#include "ui/models/labels.h"
#include "ui/plots/text.h"

#include <algorithm>
#include <numeric>
#include <system_error>
#include <utility>

namespace rnnscope::ui {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLongestStem = 60;

/// Letters, digits, '-', '_' and '.' inside; anything else becomes '_'.
QString safeStem(const std::string& name)
{
    auto stem = plainText(name, kLongestStem);
    for (auto& c : stem)
        if (!c.isLetterOrNumber() && c != QLatin1Char('-') && c != QLatin1Char('_') && c != QLatin1Char('.'))
            c = QLatin1Char('_');
    while (stem.startsWith(QLatin1Char('.')))
        stem.remove(0, 1);
    return stem.isEmpty() ? QStringLiteral("network") : stem;
}

/// Where the networks of one zoo go: the target, or a folder of their own that no other zoo has.
fs::path folderOf(const SavePlan& plan, std::size_t which)
{
    if (plan.networks.size() == 1)
        return plan.target;
    const auto stem = [&](std::size_t i) { return safeStem(plan.networks[i].zoo->name).toStdString(); };
    std::size_t earlier = 0;
    for (std::size_t i = 0; i < which; ++i)
        earlier += stem(i) == stem(which) ? 1 : 0;
    return plan.target / (earlier == 0 ? stem(which) : stem(which) + '-' + std::to_string(earlier + 1));
}

Result<QString> saveOne(const SavePlan& plan, const NetworkWriters& writers)
{
    const auto& [zoo, rows] = plan.networks.front();
    std::vector<float> parameters(zoo->architecture.parameterCount());
    if (auto read = zoo->parameters->read(rows.front(), 1, parameters); !read)
        return forward(read);
    if (auto written = writers.one(zoo->architecture, parameters, plan.target, plan.format); !written)
        return forward(written);
    return QObject::tr("Saved the network to %1").arg(plainText(plan.target.string(), 200));
}

/// What is written belongs together: when one zoo fails or the user cancels, the files of the others go, too.
Result<QString> saveSeveral(const SavePlan& plan, const NetworkWriters& writers, JobContext& context)
{
    std::vector<fs::path> files;
    for (std::size_t i = 0; i < plan.networks.size(); ++i) {
        const auto& [zoo, rows] = plan.networks[i];
        const auto written = writers.several(*zoo, rows, folderOf(plan, i), plan.format, context, context.stop());
        if (written) {
            files.insert(files.end(), written->begin(), written->end());
            continue;
        }
        std::error_code ignored;
        for (const auto& file : files)
            fs::remove(file, ignored);
        return forward(written);
    }
    return QObject::tr("Saved %1 networks to %2")
        .arg(groupedNumber(static_cast<qlonglong>(plan.count())), plainText(plan.target.string(), 200));
}

} // namespace

std::size_t SavePlan::count() const
{
    return std::accumulate(networks.begin(), networks.end(), std::size_t {0},
                           [](std::size_t sum, const NetworksToSave& each) { return sum + each.rows.size(); });
}

Saving::Saving(JobRunner& runner, QObject* parent)
    : QObject(parent)
    , m_runner(runner)
{
}

void Saving::save(const SavePlan& plan)
{
    if (plan.count() == 0)
        return;
    m_runner.run(
        this, {},
        [plan, writers = m_writers](JobContext& context) -> Result<QString> {
            context.begin("Saving networks", plan.count());
            return plan.count() == 1 ? saveOne(plan, writers) : saveSeveral(plan, writers, context);
        },
        [this](const Result<QString>& message) { report(message); });
}

void Saving::save(NetworkTable table, const std::filesystem::path& target)
{
    m_runner.run(
        this, {},
        [table = std::move(table), target](JobContext& context) -> Result<QString> {
            context.begin("Saving the table", 0);
            if (const auto written = writeNetworkTable(table, target); !written)
                return forward(written);
            return QObject::tr("Saved %1 networks to %2")
                .arg(groupedNumber(static_cast<qlonglong>(table.names.size())), plainText(target.string(), 200));
        },
        [this](const Result<QString>& message) { report(message); });
}

void Saving::report(const Result<QString>& message)
{
    if (message)
        Q_EMIT saved(*message);
    else if (message.error().code != Errc::Cancelled)
        Q_EMIT failed(QString::fromStdString(message.error().message), QString::fromStdString(message.error().detail));
}

QString proposedFileName(const zoo::Zoo& zoo, std::size_t row)
{
    return QStringLiteral("%1-%2").arg(safeStem(zoo.name)).arg(row);
}

QString proposedFolderName(const zoo::Zoo& zoo)
{
    return QStringLiteral("%1-networks").arg(safeStem(zoo.name));
}

} // namespace rnnscope::ui
