#include "house/house_rules.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <regex>
#include <set>
#include <sstream>

namespace rnnscope::house {

namespace {

constexpr std::size_t kLongestFile = 400;

using Set = std::set<std::string>;

const Set kCore {"core/base",   "core/zoo",        "core/weights",    "core/rnn",    "core/tasks",
                 "core/making", "core/projection", "core/prediction", "core/engine", "core/evaluation"};

Set operator+(Set set, const Set& more)
{
    set.insert(more.begin(), more.end());
    return set;
}

/// The arrows: what a room may include besides itself.
const std::map<std::string, Set>& arrows()
{
    static const std::map<std::string, Set> kArrows {
        {"core/base", {}},
        {"core/zoo", {"core/base"}},
        {"core/weights", {"core/base", "core/zoo"}},
        {"core/rnn", {"core/base"}},
        {"core/tasks", {"core/base", "core/rnn", "core/zoo"}},
        {"core/making", {"core/base", "core/rnn", "core/tasks", "core/zoo"}},
        {"core/projection", {"core/base"}},
        {"core/prediction", {"core/base", "core/zoo"}},
        {"core/engine", {"core/base", "core/rnn", "core/zoo"}},
        {"core/evaluation",
         {"core/base", "core/zoo", "core/rnn", "core/tasks", "core/projection", "core/prediction", "core/engine"}},
        {"core/nn", kCore},
        {"ui/jobs", kCore},
        {"ui/models", kCore + Set {"ui/jobs", "ui/plots"}},
        {"ui/plots", kCore + Set {"ui/jobs", "ui/models"}},
        {"ui/panels", kCore + Set {"ui", "ui/jobs", "ui/models", "ui/plots"}},
        {"ui/dialogs", kCore + Set {"ui", "ui/jobs", "ui/models", "ui/plots"}},
        {"ui", kCore + Set {"ui/jobs", "ui/models", "ui/plots", "ui/panels", "ui/dialogs"}},
        {"app", kCore + Set {"ui", "ui/jobs", "ui/models", "ui/plots", "ui/panels", "ui/dialogs"}},
    };
    return kArrows;
}

/// Somebody else's library, by the name in angle brackets, and the rooms (or beginnings of their names) it may be in.
struct Library
{
    std::string name;
    std::vector<std::string> beginnings;
    std::vector<std::string> rooms;
};

const std::vector<Library>& libraries()
{
    static const std::vector<Library> kLibraries {
        {"LibTorch", {"torch/", "ATen/", "c10/", "caffe2/"}, {"core/nn"}},
        {"QCustomPlot", {"qcustomplot"}, {"ui/plots"}},
        {"HDF5", {"hdf5", "H5"}, {"core/zoo", "core/weights"}},
        {"libzip", {"zip.h", "zip"}, {"core/weights"}},
        {"libonnx", {"onnx"}, {"core/weights"}},
        {"zlib", {"zlib"}, {"core/tasks", "core/zoo"}},
        {"CLI11", {"CLI/"}, {"app"}},
    };
    return kLibraries;
}

bool isQt(const std::string& header)
{
    return header.size() > 1 && header[0] == 'Q' && std::isupper(header[1]) != 0;
}

bool startsWithAny(const std::string& text, const std::vector<std::string>& beginnings)
{
    return std::any_of(beginnings.begin(), beginnings.end(), [&](const auto& b) { return text.starts_with(b); });
}

struct Line
{
    std::size_t number;
    std::string text;
};

std::vector<Line> linesOf(const std::string& text)
{
    std::vector<Line> lines;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);)
        lines.push_back({lines.size() + 1, line});
    return lines;
}

/// The header of an #include line with its quotes or brackets; empty for other lines.
std::string includedBy(const std::string& line)
{
    static const std::regex kInclude(R"(^\s*#\s*include\s*([<"][^>"]+[>"]))");
    std::smatch match;
    return std::regex_search(line, match, kInclude) ? match[1].str() : std::string();
}

std::string quotedRule(const std::string& room, const std::string& header)
{
    if (header.find('/') == std::string::npos)
        return "includes \"" + header + "\", write the path from the project's root";
    const std::string target = roomOf(header);
    if (target == room || !(target.starts_with("core") || target.starts_with("ui") || target.starts_with("app")))
        return {};
    const auto allowed = arrows().find(room);
    if (allowed == arrows().end() || allowed->second.contains(target))
        return {};
    return room + " may not include " + target;
}

std::string bracketRule(const std::string& room, const std::string& header)
{
    if (isQt(header) && room.starts_with("core"))
        return room + " may not include Qt";
    for (const auto& [name, beginnings, rooms] : libraries())
        if (startsWithAny(header, beginnings) && std::find(rooms.begin(), rooms.end(), room) == rooms.end())
            return room + " may not include " + name;
    return {};
}

std::string includeRule(const std::string& room, const std::string& line)
{
    const std::string header = includedBy(line);
    if (header.empty())
        return {};
    const std::string inner = header.substr(1, header.size() - 2);
    return header[0] == '"' ? quotedRule(room, inner) : bracketRule(room, inner);
}

bool isHeader(const std::string& path)
{
    return path.ends_with(".h");
}

} // namespace

std::string roomOf(const std::string& path)
{
    if (path.starts_with("app/"))
        return "app";
    const std::size_t first = path.find('/');
    const std::size_t second = first == std::string::npos ? first : path.find('/', first + 1);
    return path.substr(0, second != std::string::npos ? second : first);
}

std::vector<std::string> violations(const std::string& path, const std::string& text)
{
    std::vector<std::string> found;
    const auto lines = linesOf(text);
    const bool test = path.starts_with("tests/");
    const std::string room = roomOf(path);
    if (!test && !arrows().contains(room))
        found.push_back(path + ": " + room + " is no room of docs/architecture.md");
    if (lines.size() > kLongestFile)
        found.push_back(path + ": " + std::to_string(lines.size()) + " lines are two things");
    if (isHeader(path) && (lines.empty() || !lines.front().text.starts_with("#pragma once")))
        found.push_back(path + ": does not start with #pragma once");
    for (const auto& [number, line] : lines) {
        const std::string place = path + ":" + std::to_string(number) + ": ";
        if (isHeader(path) && line.find("using namespace") != std::string::npos)
            found.push_back(place + "using namespace in a header");
        const std::string wrong = test ? std::string() : includeRule(room, line);
        if (!wrong.empty())
            found.push_back(place + wrong);
    }
    return found;
}

} // namespace rnnscope::house
