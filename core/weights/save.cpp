#include "core/weights/save.h"

#include "core/base/printable.h"
#include "core/weights/save_format.h"
#include "core/weights/save_labels.h"

#include <algorithm>
#include <array>

namespace rnnscope::weights {

namespace {

constexpr const char* kLabels = "labels.csv";

std::string_view modulePrefix(zoo::Cell cell)
{
    switch (cell) {
    case zoo::Cell::Lstm:
        return "lstm.";
    case zoo::Cell::Gru:
        return "gru.";
    case zoo::Cell::RnnTanh:
    case zoo::Cell::RnnRelu:
        return "rnn.";
    }
    return "rnn.";
}

std::vector<SavedTensor> named(const zoo::Architecture& architecture, std::span<const float> parameters)
{
    std::vector<SavedTensor> tensors;
    for (const zoo::ParameterTensor& tensor : architecture.tensors()) {
        const bool ofHead = tensor.name.starts_with("linear.");
        std::vector<std::size_t> shape {tensor.rows};
        if (!tensor.isBias())
            shape.push_back(tensor.columns);
        tensors.push_back({(ofHead ? "" : std::string(modulePrefix(architecture.cell))) + tensor.name, std::move(shape),
                           parameters.subspan(tensor.offset, tensor.size())});
    }
    return tensors;
}

Result<void> writeNetwork(const zoo::Architecture& architecture, std::span<const float> parameters, SaveFormat format,
                          const fs::path& file, const fs::path& target)
{
    const auto tensors = named(architecture, parameters);
    return format == SaveFormat::Npz ? writeNpz(tensors, file, target)
                                     : writeSafetensors(architecture, tensors, file, target);
}

/// The zoo's name as a file may bear it on any system.
std::string fileStem(const zoo::Zoo& zoo)
{
    constexpr std::size_t kLongest = 60;
    std::string stem = printable(zoo.name, kLongest);
    for (char& c : stem)
        if (std::string_view("/\\:*?\"<>|").find(c) != std::string_view::npos)
            c = '_';
    if (stem.starts_with('.'))
        stem.front() = '_';
    return stem.empty() ? "network" : stem;
}

/// The files of a folder, written beside their targets; all of them appear at the end, or none.
class FolderOfFiles
{
public:
    explicit FolderOfFiles(fs::path folder)
        : m_folder(std::move(folder))
    {
    }

    ~FolderOfFiles()
    {
        m_pending.clear();
        std::error_code ignored;
        if (m_made && !m_kept)
            fs::remove(m_folder, ignored); // only when it is empty
    }
    FolderOfFiles(const FolderOfFiles&) = delete;
    FolderOfFiles& operator=(const FolderOfFiles&) = delete;

    Result<void> make()
    {
        std::error_code status;
        m_made = fs::create_directory(m_folder, status);
        if (status)
            return fail(Errc::Io, fmt::format("cannot make the folder {}: {}", m_folder.string(), status.message()));
        return {};
    }

    /// `write` fills the first path; its messages name the second.
    template <typename Write>
    Result<void> add(const std::string& name, const Write& write)
    {
        auto pending = PendingFile::create(m_folder / name);
        if (!pending)
            return forward(pending);
        m_pending.push_back(std::move(*pending));
        return write(m_pending.back().path(), m_pending.back().target());
    }

    Result<void> commit()
    {
        std::vector<fs::path> done;
        for (PendingFile& file : m_pending) {
            if (auto committed = file.commit(); !committed) {
                std::error_code ignored;
                for (const fs::path& path : done)
                    fs::remove(path, ignored);
                return committed;
            }
            done.push_back(file.target());
        }
        m_kept = true;
        return {};
    }

private:
    fs::path m_folder;
    std::vector<PendingFile> m_pending;
    bool m_made = false;
    bool m_kept = false;
};

Result<void> checkRows(const zoo::Zoo& zoo, std::span<const std::size_t> rows)
{
    std::vector<std::size_t> sorted(rows.begin(), rows.end());
    std::sort(sorted.begin(), sorted.end());
    if (!sorted.empty() && sorted.back() >= zoo.size)
        return fail(Errc::BadValue, fmt::format("network {} is not in the zoo, which has {}", sorted.back(), zoo.size));
    if (const auto twin = std::adjacent_find(sorted.begin(), sorted.end()); twin != sorted.end())
        return fail(Errc::BadValue, fmt::format("network {} is to be saved twice", *twin));
    return {};
}

} // namespace

std::string_view extension(SaveFormat format)
{
    return format == SaveFormat::Npz ? ".npz" : ".safetensors";
}

Result<void> saveNetwork(const zoo::Architecture& architecture, std::span<const float> parameters, const fs::path& path,
                         SaveFormat format)
{
    if (auto sound = zoo::validate(architecture); !sound)
        return sound;
    if (parameters.size() != architecture.parameterCount())
        return fail(Errc::BadValue,
                    fmt::format("{} parameters for {}: an {} has {}", parameters.size(), path.string(),
                                architecture.description(), architecture.parameterCount()));
    return replaceFile(
        path, [&](const fs::path& file) { return writeNetwork(architecture, parameters, format, file, path); });
}

Result<std::vector<fs::path>> saveNetworks(const zoo::Zoo& zoo, std::span<const std::size_t> rows,
                                           const fs::path& folder, SaveFormat format, Progress& progress,
                                           std::stop_token stop)
{
    if (auto inside = checkRows(zoo, rows); !inside)
        return forward(inside);
    progress.begin(fmt::format("saving {} networks", rows.size()), rows.size());
    FolderOfFiles files(folder);
    if (auto made = files.make(); !made)
        return forward(made);
    std::vector<fs::path> written;
    std::vector<std::string> names;
    std::vector<float> parameters(zoo.architecture.parameterCount());
    for (const std::size_t row : rows) {
        if (stop.stop_requested())
            return cancelled("saving networks");
        if (auto got = zoo.parameters->read(row, 1, parameters); !got)
            return forward(got);
        names.push_back(fmt::format("{}-{}{}", fileStem(zoo), row, extension(format)));
        auto added = files.add(names.back(), [&](const fs::path& file, const fs::path& target) {
            return writeNetwork(zoo.architecture, parameters, format, file, target);
        });
        if (!added)
            return forward(added);
        written.push_back(folder / names.back());
        progress.update(written.size());
    }
    auto labels = files.add(kLabels, [&](const fs::path& file, const fs::path& target) {
        const std::string text = labelsCsv(zoo, rows, names);
        return writeBytes(std::array {std::string_view(text)}, file, target);
    });
    if (!labels)
        return forward(labels);
    written.push_back(folder / kLabels);
    if (stop.stop_requested())
        return cancelled("saving networks");
    if (auto committed = files.commit(); !committed)
        return forward(committed);
    return written;
}

} // namespace rnnscope::weights
