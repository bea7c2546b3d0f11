#include "ui/models/workspace.h"

#include "core/base/file.h"
#include "core/base/printable.h"

#include <QDir>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <cmath>
#include <fstream>

namespace rnnscope::ui {

namespace {

constexpr auto kFormat = "rnnscope-workspace";
constexpr int kVersion = 1;
constexpr double kMostRows = 1e9;

struct Wrong
{
    QString message;
};

/// Reads one object; a value of another type than expected is a mistake, one that is not there is not.
class Reader
{
public:
    Reader(const QJsonObject& object, QString name)
        : m_object(object)
        , m_name(std::move(name))
    {
    }

    bool has(const char* key) const { return m_object.contains(QLatin1String(key)); }
    QString text(const char* key) const
    {
        const auto value = get(key);
        if (!value.isUndefined() && !value.isString())
            throw Wrong {QObject::tr("%1 is no text").arg(named(key))};
        return value.toString();
    }
    double number(const char* key) const
    {
        const auto value = get(key);
        if (!value.isDouble() || !std::isfinite(value.toDouble()))
            throw Wrong {QObject::tr("%1 is no number").arg(named(key))};
        return value.toDouble();
    }
    Reader object(const char* key) const
    {
        const auto value = get(key);
        if (!value.isUndefined() && !value.isObject())
            throw Wrong {QObject::tr("%1 is no object").arg(named(key))};
        return {value.toObject(), named(key)};
    }
    QJsonArray array(const char* key) const
    {
        const auto value = get(key);
        if (!value.isUndefined() && !value.isArray())
            throw Wrong {QObject::tr("%1 is no list").arg(named(key))};
        return value.toArray();
    }
    QStringList texts(const char* key) const
    {
        QStringList all;
        for (const auto& each : array(key)) {
            if (!each.isString())
                throw Wrong {QObject::tr("%1 holds something that is no text").arg(named(key))};
            all << each.toString();
        }
        return all;
    }
    QStringList keys() const { return m_object.keys(); }

private:
    QJsonValue get(const char* key) const { return m_object.value(QLatin1String(key)); }
    QString named(const char* key) const
    {
        return m_name.isEmpty() ? QString::fromLatin1(key) : m_name + QLatin1Char('.') + QLatin1String(key);
    }

    QJsonObject m_object;
    QString m_name;
};

QString inFile(const QString& path, const QString& folder)
{
    const auto relative = QDir(folder).relativeFilePath(path);
    return path.isEmpty() || relative.startsWith(QLatin1String("..")) ? path : relative;
}

QString inMemory(const QString& path, const QString& folder)
{
    return path.isEmpty() ? path : QDir::cleanPath(QDir(folder).absoluteFilePath(path));
}

QJsonArray pathsOf(const QStringList& paths, const QString& folder)
{
    QJsonArray all;
    for (const auto& path : paths)
        all << inFile(path, folder);
    return all;
}

/// PCA where it is not said.
projection::MapKind projectionOf(const Reader& reader)
{
    if (!reader.has("projection"))
        return projection::MapKind::Pca;
    const auto kind = projection::mapKindFromName(reader.text("projection").toStdString());
    if (!kind)
        throw Wrong {QString::fromStdString(kind.error().message)};
    return *kind;
}

QString projectionName(projection::MapKind kind)
{
    return QString::fromStdString(std::string(projection::name(kind)));
}

QJsonArray sidesOf(const std::vector<Workspace::Side>& sides, const QString& folder)
{
    QJsonArray all;
    for (const auto& side : sides)
        all << QJsonObject {{"checkpoint", inFile(side.checkpoint, folder)}, {"projection", projectionName(side.map)}};
    return all;
}

QJsonObject objectOf(const Workspace::Network& network, const QString& folder)
{
    return {{"zoo", inFile(network.zoo, folder)}, {"row", static_cast<qint64>(network.row)}};
}

Workspace::Network networkOf(const Reader& reader, const QString& folder)
{
    const double row = reader.number("row");
    if (row < 0 || row > kMostRows || row != std::floor(row))
        throw Wrong {QObject::tr("there is no row %1").arg(row)};
    return {inMemory(reader.text("zoo"), folder), static_cast<std::size_t>(row)};
}

/// Rows of a zoo one after the other are a pair of the first and the last.
QJsonArray selectionOf(const std::vector<Workspace::Network>& selected, const QString& folder)
{
    QJsonArray all;
    for (std::size_t i = 0; i < selected.size();) {
        const auto& zoo = selected[i].zoo;
        QJsonArray stretches;
        while (i < selected.size() && selected[i].zoo == zoo) {
            std::size_t end = i + 1;
            while (end < selected.size() && selected[end].zoo == zoo && selected[end].row == selected[end - 1].row + 1)
                ++end;
            stretches << QJsonArray {static_cast<qint64>(selected[i].row), static_cast<qint64>(selected[end - 1].row)};
            i = end;
        }
        all << QJsonObject {{"zoo", inFile(zoo, folder)}, {"rows", stretches}};
    }
    return all;
}

std::vector<Workspace::Network> selectionOf(const QJsonArray& zoos, const QString& folder)
{
    constexpr std::size_t kMost = 10'000'000; // a few bytes of JSON must not take all memory
    std::vector<Workspace::Network> selected;
    for (const auto& each : zoos) {
        const Reader reader(each.toObject(), QStringLiteral("selected"));
        const auto zoo = inMemory(reader.text("zoo"), folder);
        for (const auto& stretch : reader.array("rows")) {
            const auto ends = stretch.toArray();
            const double first = ends.at(0).toDouble(-1);
            const double last = ends.at(1).toDouble(-1);
            if (ends.size() != 2 || !(first >= 0) || !(last >= first) || last > kMostRows)
                throw Wrong {QObject::tr("selected.rows holds something that is no pair of rows")};
            if (last - first + 1 > static_cast<double>(kMost - selected.size()))
                throw Wrong {QObject::tr("more networks are selected than %1").arg(kMost)};
            for (auto row = static_cast<std::size_t>(first); row <= static_cast<std::size_t>(last); ++row)
                selected.push_back({zoo, row});
        }
    }
    return selected;
}

QJsonObject objectOf(const Filter::State& filter)
{
    QJsonObject intervals;
    for (const auto& [field, interval] : filter.intervals)
        intervals.insert(field, QJsonArray {interval.low, interval.high});
    QJsonObject hidden;
    for (const auto& [field, categories] : filter.hidden)
        hidden.insert(field, QJsonArray::fromStringList(categories));
    return {{"intervals", intervals}, {"hidden", hidden}, {"expression", filter.expression}};
}

std::pair<double, double> pairOf(const Reader& reader, const QString& key)
{
    const auto ends = reader.array(key.toUtf8().constData());
    if (ends.size() != 2 || !ends.at(0).isDouble() || !ends.at(1).isDouble())
        throw Wrong {QObject::tr("%1 is no pair of numbers").arg(key)};
    return {ends.at(0).toDouble(), ends.at(1).toDouble()};
}

Filter::State filterOf(const Reader& reader)
{
    Filter::State filter;
    const auto intervals = reader.object("intervals");
    for (const auto& field : intervals.keys()) {
        const auto [low, high] = pairOf(intervals, field);
        filter.intervals[field] = {low, high};
    }
    const auto hidden = reader.object("hidden");
    for (const auto& field : hidden.keys())
        filter.hidden[field] = hidden.texts(field.toUtf8().constData());
    filter.expression = reader.text("expression");
    return filter;
}

QByteArray bytesOf(const Reader& reader, const char* key)
{
    return QByteArray::fromBase64(reader.text(key).toLatin1());
}

Workspace read(const QByteArray& json, const QString& folder)
{
    QJsonParseError error;
    const auto document = QJsonDocument::fromJson(json, &error);
    if (!document.isObject())
        throw Wrong {QObject::tr("it is no JSON object")};
    const Reader reader(document.object(), {});
    if (reader.text("format") != QLatin1String(kFormat))
        throw Wrong {QObject::tr("its format is not %1").arg(QLatin1String(kFormat))};
    if (reader.number("version") != kVersion)
        throw Wrong {QObject::tr("its version is %1, expected %2").arg(reader.number("version")).arg(kVersion)};
    Workspace made;
    for (const auto& file : reader.texts("files"))
        made.files << inMemory(file, folder);
    made.zoo = inMemory(reader.text("zoo"), folder);
    made.checkpoint = inMemory(reader.text("checkpoint"), folder);
    for (const auto& zoo : reader.texts("hidden"))
        made.hidden << inMemory(zoo, folder);
    made.map = projectionOf(reader);
    for (const auto& each : reader.array("sides")) {
        const Reader side(each.toObject(), QStringLiteral("sides"));
        made.sides.push_back({inMemory(side.text("checkpoint"), folder), projectionOf(side)});
    }
    made.colour = reader.text("colour");
    made.size = reader.text("size");
    made.shape = reader.text("shape");
    if (reader.has("clip"))
        made.clip = pairOf(reader, QStringLiteral("clip"));
    if (reader.has("view")) {
        const auto view = reader.object("view");
        made.pose = {{view.number("x"), view.number("y")}, view.number("scale")};
        if (!(made.pose->scale > 0))
            throw Wrong {QObject::tr("view.scale is not above 0")};
    }
    made.filter = filterOf(reader.object("filter"));
    made.selected = selectionOf(reader.array("selected"), folder);
    if (reader.has("current"))
        made.current = networkOf(reader.object("current"), folder);
    made.tab = reader.text("tab");
    made.geometry = bytesOf(reader, "geometry");
    made.layout = bytesOf(reader, "layout");
    return made;
}

} // namespace

QByteArray toJson(const Workspace& workspace, const QString& folder)
{
    QJsonObject root {{"format", QLatin1String(kFormat)},
                      {"version", kVersion},
                      {"files", pathsOf(workspace.files, folder)},
                      {"zoo", inFile(workspace.zoo, folder)},
                      {"checkpoint", inFile(workspace.checkpoint, folder)},
                      {"hidden", pathsOf(workspace.hidden, folder)},
                      {"projection", projectionName(workspace.map)},
                      {"sides", sidesOf(workspace.sides, folder)},
                      {"colour", workspace.colour},
                      {"size", workspace.size},
                      {"shape", workspace.shape},
                      {"filter", objectOf(workspace.filter)},
                      {"selected", selectionOf(workspace.selected, folder)},
                      {"tab", workspace.tab},
                      {"geometry", QString::fromLatin1(workspace.geometry.toBase64())},
                      {"layout", QString::fromLatin1(workspace.layout.toBase64())}};
    if (workspace.clip)
        root.insert("clip", QJsonArray {workspace.clip->first, workspace.clip->second});
    if (workspace.pose)
        root.insert("view",
                    QJsonObject {{"x", workspace.pose->centre.x()},
                                 {"y", workspace.pose->centre.y()},
                                 {"scale", workspace.pose->scale}});
    if (workspace.current)
        root.insert("current", objectOf(*workspace.current, folder));
    return QJsonDocument(root).toJson();
}

Result<Workspace> workspaceFromJson(const QByteArray& json, const QString& folder)
{
    try {
        return read(json, folder);
    } catch (const Wrong& wrong) {
        return fail(Errc::BadFormat, wrong.message.toStdString());
    }
}

Result<Workspace> readWorkspace(const std::filesystem::path& path)
{
    constexpr std::size_t kLongest = std::size_t {256} << 20; // a million networks selected here and there
    const auto text = readText(path, kLongest);
    if (!text)
        return forward(text);
    const auto folder = QFileInfo(QString::fromStdString(path.string())).absolutePath();
    auto made = workspaceFromJson(QByteArray::fromStdString(*text), folder);
    if (!made)
        return fail(Errc::BadFormat,
                    fmt::format("{} is no workspace: {}", printable(path.string()), made.error().message));
    return made;
}

Result<void> writeWorkspace(const Workspace& workspace, const std::filesystem::path& path)
{
    const auto folder = QFileInfo(QString::fromStdString(path.string())).absolutePath();
    const auto json = toJson(workspace, folder);
    return replaceFile(path, [&](const std::filesystem::path& neighbour) -> Result<void> {
        std::ofstream file(neighbour, std::ios::binary);
        file.write(json.constData(), json.size());
        file.close();
        if (!file)
            return fail(Errc::Io, fmt::format("cannot write {}", printable(path.string())));
        return {};
    });
}

} // namespace rnnscope::ui
