#pragma once

#include "ui/models/file_questions.h"
#include "weights/made_tensor_file.h"

#include <QStringList>

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace rnnscope::test {

inline weights::RecurrentStack stackNamed(std::string name, std::vector<std::string> heads, std::string unfit = {})
{
    weights::RecurrentStack stack;
    stack.name = std::move(name);
    stack.cell = zoo::Cell::Lstm;
    stack.inputSize = 6;
    stack.hiddenSize = 4;
    stack.layers.resize(1);
    stack.unfit = std::move(unfit);
    for (auto& head : heads)
        stack.heads.push_back({.name = std::move(head), .outputSize = 6, .weight = {}, .bias = {}});
    return stack;
}

inline weights::Inspection flatNumbers(std::size_t parameters, std::size_t networks = 1)
{
    weights::Inspection inspection;
    inspection.flat = {.networks = networks, .parameters = parameters, .tensors = {0}};
    return inspection;
}

inline std::shared_ptr<weights::MadeTensorFile> emptyFile(const std::string& path)
{
    return std::make_shared<weights::MadeTensorFile>(std::vector<weights::TensorInfo> {}, weights::Format::TorchZip,
                                                     path);
}

/// Files that need a choice, in memory, and what was asked of them.
struct QuestionFiles
{
    std::map<std::filesystem::path, weights::Inspection> inspections;
    std::map<std::filesystem::path, std::shared_ptr<weights::MadeTensorFile>> encoders;
    std::vector<std::filesystem::path> opened; ///< by answers
    int loads = 0;
    weights::WeightZooOptions options; ///< of the last answer

    ui::FileReaders readers()
    {
        ui::FileReaders readers;
        readers.open = [this](const std::filesystem::path& path) -> Result<std::shared_ptr<const weights::TensorFile>> {
            if (const auto at = encoders.find(path); at != encoders.end())
                return at->second;
            if (const auto at = inspections.find(path); at != inspections.end()) {
                auto file = emptyFile(path.string());
                if (at->second.flat)
                    file->add("0", {at->second.flat->parameters});
                return file;
            }
            return fail(Errc::Io, path.string() + " is gone");
        };
        readers.inspect = [this](const weights::TensorFile& file) -> Result<weights::Inspection> {
            return inspections.at(file.path());
        };
        readers.load = [this](const std::vector<std::filesystem::path>& paths, const weights::WeightZooOptions& given,
                              Progress&, std::stop_token) -> Result<weights::WeightZoos> {
            opened.insert(opened.end(), paths.begin(), paths.end());
            ++loads;
            options = given;
            return weights::WeightZoos {};
        };
        return readers;
    }

    std::vector<weights::Refused> refused() const
    {
        std::vector<weights::Refused> refused;
        for (const auto& [path, inspection] : inspections)
            refused.push_back({path, {Errc::NeedsChoice, path.string() + " needs a choice", {}}});
        return refused;
    }
};

/// A published flat encoder that reads networks of so many parameters.
inline std::shared_ptr<weights::MadeTensorFile> flatEncoder(const std::string& path, std::size_t parameters)
{
    auto file = emptyFile(path);
    file->add("mlp_model.0.weight", {16, parameters});
    file->add("mlp_model.0.bias", {16});
    file->add("mlp_model.2.weight", {8, 16});
    file->add("mlp_model.2.bias", {8});
    return file;
}

/// Names that files may have to look like something else.
inline const std::vector<std::string>& hostileNames()
{
    static const std::vector<std::string> names {"<img src=x onerror=alert(1)>", std::string(10'000, 'x'), "a\nb\r\nc",
                                                 "\xE2\x80\xAEtp.kcab", "&Open &amp; %1 %2"};
    return names;
}

/// Can stand in one line of a window?
inline bool isOneShortLine(const QString& text)
{
    for (const QChar c : text)
        if (c.unicode() < 0x20 || (c.unicode() >= 0x202A && c.unicode() <= 0x202E))
            return false;
    return text.size() <= 500;
}

} // namespace rnnscope::test
