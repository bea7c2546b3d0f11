#include "core/weights/weight_zoo.h"

#include "core/base/printable.h"
#include "core/weights/labels_csv.h"
#include "core/weights/weight_batch.h"

#include <algorithm>
#include <limits>
#include <map>
#include <new>
#include <optional>

namespace rnnscope::weights {

namespace {

/// Files whose networks make one zoo.
struct Group
{
    zoo::Architecture architecture;
    std::vector<const BatchFile*> files;

    std::size_t networks() const
    {
        std::size_t count = 0;
        for (const BatchFile* file : files)
            count += file->loaded->networks;
        return count;
    }
};

std::vector<Group> groupByArchitecture(const std::vector<BatchFile>& files)
{
    std::vector<Group> groups;
    for (const BatchFile& file : files) {
        if (!file.loaded)
            continue;
        const auto same = std::find_if(groups.begin(), groups.end(), [&](const Group& group) {
            return group.architecture == file.loaded->architecture;
        });
        if (same != groups.end())
            same->files.push_back(&file);
        else
            groups.push_back({file.loaded->architecture, {&file}});
    }
    return groups;
}

/// A folder's only .csv; none when there are several.
std::optional<fs::path> onlyCsv(const fs::path& folder)
{
    std::vector<fs::path> found;
    std::error_code status;
    for (fs::directory_iterator at(folder, status); !status && at != fs::directory_iterator {}; at.increment(status))
        if (at->path().extension() == ".csv" && !at->path().filename().string().starts_with("."))
            found.push_back(at->path());
    return found.size() == 1 ? std::optional(found.front()) : std::nullopt;
}

/// Labels and the files that they are for.
struct ScopedTable
{
    LabelTable table;
    fs::path folder; ///< empty: files anywhere

    bool covers(const fs::path& file) const { return folder.empty() || file.parent_path() == folder; }
};

/// The table that the user names, or those that lie in the folders.
Result<std::vector<ScopedTable>> readTables(const std::vector<fs::path>& paths, const fs::path& named)
{
    std::vector<std::pair<fs::path, fs::path>> files; // and their folders
    if (!named.empty())
        files.emplace_back(named, fs::path());
    std::error_code status;
    for (const fs::path& path : paths)
        if (named.empty() && fs::is_directory(path, status))
            if (auto csv = onlyCsv(path))
                files.emplace_back(*csv, csv->parent_path());
    std::vector<ScopedTable> tables;
    for (auto& [file, folder] : files) {
        auto table = readLabels(file);
        if (!table)
            return forward(table);
        tables.push_back({*std::move(table), std::move(folder)});
    }
    return tables;
}

/// A name for every file; where several have the same, with their folders.
std::vector<std::string> fileTitles(const std::vector<const BatchFile*>& files)
{
    std::map<std::string, std::size_t> count;
    for (const BatchFile* file : files)
        ++count[printable(file->path.filename().string())];
    std::vector<std::string> titles;
    for (const BatchFile* file : files) {
        std::string title = printable(file->path.filename().string());
        if (count[title] > 1)
            title = printable((file->path.parent_path().filename() / file->path.filename()).string());
        titles.push_back(std::move(title));
    }
    return titles;
}

zoo::Property fileProperty(const Group& group)
{
    zoo::Property property;
    property.name = "file";
    property.kind = zoo::PropertyKind::Categorical;
    property.description = "the weight file";
    const auto titles = fileTitles(group.files);
    property.labels = titles;
    std::sort(property.labels.begin(), property.labels.end());
    property.labels.erase(std::unique(property.labels.begin(), property.labels.end()), property.labels.end());
    for (std::size_t i = 0; i < titles.size(); ++i) {
        const auto at = std::lower_bound(property.labels.begin(), property.labels.end(), titles[i]);
        property.values.insert(property.values.end(), group.files[i]->loaded->networks,
                               static_cast<double>(at - property.labels.begin()));
    }
    return property;
}

/// The only file, or the folder that all of them are in.
fs::path commonPath(const std::vector<const BatchFile*>& files)
{
    if (files.size() == 1)
        return files.front()->path;
    fs::path common = files.front()->path.parent_path();
    for (const BatchFile* file : files)
        while (!common.empty() && common != common.root_path()
               && std::mismatch(common.begin(), common.end(), file->path.begin(), file->path.end()).first
                   != common.end())
            common = common.parent_path();
    return common.empty() ? fs::path(".") : common;
}

std::string titleOf(const fs::path& path)
{
    std::error_code status;
    const fs::path whole = fs::absolute(path, status).lexically_normal();
    const fs::path name = whole.has_filename() ? whole.filename() : whole.parent_path().filename();
    return printable(fs::is_directory(path, status) ? name.string() : name.stem().string());
}

std::shared_ptr<const zoo::Zoo> makeZoo(const Group& group, const std::vector<zoo::Property>& labels,
                                        const std::string& name)
{
    auto zoo = std::make_shared<zoo::Zoo>();
    zoo->path = commonPath(group.files);
    zoo->name = name;
    zoo->architecture = group.architecture;
    zoo->size = group.networks();
    zoo->properties.push_back(fileProperty(group));
    zoo->properties.insert(zoo->properties.end(), labels.begin(), labels.end());
    std::vector<const LoadedWeights*> networks;
    for (const BatchFile* file : group.files)
        networks.push_back(&*file->loaded);
    const bool half = std::all_of(networks.begin(), networks.end(), [](const auto* network) { return network->half; });
    zoo->parameters = keepParameters(networks, group.architecture.parameterCount(), half);
    return zoo;
}

/// Rows of `networks` for the files of every group, in the groups' order.
std::vector<fs::path> pathsOfRows(const std::vector<Group>& groups)
{
    std::vector<fs::path> rows;
    for (const Group& group : groups)
        for (const BatchFile* file : group.files)
            rows.insert(rows.end(), file->loaded->networks, file->path);
    return rows;
}

/// What one table says of all rows: those that it does not cover are unknown.
std::vector<zoo::Property> scattered(const ScopedTable& scoped, const std::vector<fs::path>& rows,
                                     std::vector<std::string>& notes)
{
    std::vector<fs::path> covered;
    std::copy_if(rows.begin(), rows.end(), std::back_inserter(covered),
                 [&](const fs::path& file) { return scoped.covers(file); });
    std::vector<zoo::Property> properties = labelsOf(scoped.table, covered, notes);
    for (zoo::Property& property : properties) {
        std::vector<double> all(rows.size() * property.columns, std::numeric_limits<double>::quiet_NaN());
        auto next = property.values.cbegin();
        for (std::size_t row = 0; row < rows.size(); ++row)
            if (scoped.covers(rows[row])) {
                std::copy_n(next, property.columns, all.begin() + static_cast<std::ptrdiff_t>(row * property.columns));
                next += static_cast<std::ptrdiff_t>(property.columns);
            }
        property.values = std::move(all);
    }
    return properties;
}

/// Properties of all rows; tables of several folders may share names.
std::vector<zoo::Property> allLabels(const std::vector<ScopedTable>& tables, const std::vector<fs::path>& rows,
                                     Progress& progress)
{
    std::vector<zoo::Property> properties;
    std::vector<std::string> notes;
    for (const ScopedTable& scoped : tables) {
        notes.insert(notes.end(), scoped.table.notes.begin(), scoped.table.notes.end());
        for (zoo::Property& property : scattered(scoped, rows, notes)) {
            const auto same = std::find_if(properties.begin(), properties.end(),
                                           [&](const auto& other) { return other.name == property.name; });
            if (same == properties.end())
                properties.push_back(std::move(property));
            else if (!fillIn(*same, property))
                notes.push_back(fmt::format("{}: the property '{}' is of another kind than in the table before and was "
                                            "left out",
                                            scoped.table.path.string(), property.name));
        }
    }
    for (const std::string& note : notes)
        progress.note(note);
    return properties;
}

/// `count` rows from `first` on.
std::vector<zoo::Property> slice(const std::vector<zoo::Property>& all, std::size_t first, std::size_t count)
{
    std::vector<zoo::Property> part = all;
    for (std::size_t i = 0; i < all.size(); ++i) {
        const auto begin = all[i].values.begin() + static_cast<std::ptrdiff_t>(first * all[i].columns);
        part[i].values.assign(begin, begin + static_cast<std::ptrdiff_t>(count * all[i].columns));
    }
    return part;
}

WeightZoos assemble(std::vector<BatchFile>& files, const std::vector<ScopedTable>& tables,
                    const WeightZooOptions& options, Progress& progress)
{
    WeightZoos result;
    if (tables.size() == 1)
        result.labels = tables.front().table.path;
    for (BatchFile& file : files) {
        if (file.refused)
            result.refused.push_back({file.path, *file.refused});
        else
            result.reports.push_back(file.loaded->report);
    }
    const auto groups = groupByArchitecture(files);
    if (groups.empty())
        return result;
    const auto labels = allLabels(tables, pathsOfRows(groups), progress);
    std::vector<const BatchFile*> all;
    for (const BatchFile& file : files)
        all.push_back(&file);
    const std::string name = options.name.empty() ? titleOf(commonPath(all)) : options.name;
    std::size_t first = 0;
    for (const Group& group : groups) {
        const std::size_t count = group.networks();
        const std::string suffix = groups.size() > 1 ? fmt::format(", {}", group.architecture.description()) : "";
        result.zoos.push_back(makeZoo(group, slice(labels, first, count), name + suffix));
        first += count;
    }
    return result;
}

} // namespace

Result<WeightZoos> openWeightZoos(const std::vector<fs::path>& paths, const WeightZooOptions& options,
                                  Progress& progress, std::stop_token stop)
{
    try {
        const auto tables = readTables(paths, options.labels);
        if (!tables)
            return forward(tables);
        auto files = listFiles(paths);
        if (!files)
            return forward(files);
        if (auto loaded = loadFiles(*files, options.choices, options.threads, progress, stop); !loaded)
            return forward(loaded);
        return assemble(*files, *tables, options, progress);
    } catch (const std::bad_alloc&) {
        return fail(Errc::Io, "not enough memory for the weight files");
    }
}

} // namespace rnnscope::weights
