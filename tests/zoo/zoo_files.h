#pragma once

#include "core/base/file.h"
#include "core/zoo/zoo.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <string>
#include <vector>

namespace rnnscope::testdata {

inline constexpr const char* kFormalFolder = "formal_languages_tokens_4_length_42_2x32";
inline constexpr const char* kMnistFolder = "sequential_mnist_tile_4x4_model_2x32";

/// Thinned copies of the reference zoos: 2 networks each, with real values.
inline fs::path sampleZoos()
{
    return fs::path(RNNSCOPE_TEST_DATA) / "reference" / "zoo";
}

/// Every authors' folder among the samples, and in $RNNSCOPE_REFERENCE when it is set.
inline std::vector<fs::path> goldenFolders()
{
    std::vector<fs::path> folders;
    std::vector<fs::path> roots {sampleZoos()};
    if (const char* reference = std::getenv("RNNSCOPE_REFERENCE"))
        roots = {fs::path(reference) / "zoo", fs::path(reference) / "zoo_large"};
    for (const fs::path& root : roots)
        if (fs::is_directory(root))
            for (const auto& entry : fs::directory_iterator(root))
                folders.push_back(entry.path());
    return folders;
}

/// A folder of its own for every test, removed at the end.
class FolderTest : public testing::Test
{
protected:
    fs::path folder;
    void SetUp() override
    {
        const auto* info = testing::UnitTest::GetInstance()->current_test_info();
        std::string name = std::string(info->test_suite_name()) + "_" + info->name();
        std::replace(name.begin(), name.end(), '/', '_');
        folder = fs::path(testing::TempDir()) / name;
        fs::remove_all(folder);
        fs::create_directories(folder);
    }
    void TearDown() override { fs::remove_all(folder); }

    fs::path copyOfSample(const char* sample) const
    {
        fs::copy(sampleZoos() / sample, folder / sample);
        for (const auto& entry : fs::directory_iterator(folder / sample))
            fs::permissions(entry.path(), fs::perms::owner_write, fs::perm_options::add);
        return folder / sample;
    }
    std::size_t files() const
    {
        return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), fs::directory_iterator {}));
    }
};

inline void writeBytes(const fs::path& path, std::string_view bytes)
{
    fs::remove(path); // truncating a file in place makes ext4 flush it
    std::ofstream(path, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

inline std::string readBytes(const fs::path& path)
{
    return readHead(path, static_cast<std::size_t>(fs::file_size(path))).value();
}

/// Header and data of a version 1 .npy file.
inline std::string npyBytes(const std::string& descr, const std::string& shape, std::string_view data,
                            const std::string& order = "False")
{
    std::string header = "{'descr': '" + descr + "', 'fortran_order': " + order + ", 'shape': " + shape + ", }";
    header.resize((header.size() + 10 + 64) / 64 * 64 - 10, ' ');
    header.back() = '\n';
    std::string bytes("\x93NUMPY\x01\x00", 8);
    bytes.push_back(static_cast<char>(header.size() & 0xffU));
    bytes.push_back(static_cast<char>(header.size() >> 8U));
    return bytes.append(header).append(data);
}

/// A message a user can read: one sentence without a final stop.
template <typename T>
void expectSentence(const Result<T>& result, const std::string& part)
{
    ASSERT_FALSE(result) << "expected an error about " << part;
    const std::string& message = result.error().message;
    EXPECT_NE(message.find(part), std::string::npos) << message;
    EXPECT_EQ(message.find('\n'), std::string::npos) << message;
    EXPECT_FALSE(message.ends_with('.')) << message;
}

class MemoryParameters final : public zoo::ParameterSource
{
public:
    MemoryParameters(std::vector<float> values, std::size_t columns, bool half)
        : m_values(std::move(values))
        , m_columns(columns)
        , m_half(half)
    {
    }
    Result<void> read(std::size_t first, std::size_t count, std::span<float> out) const override
    {
        std::copy_n(m_values.begin() + static_cast<std::ptrdiff_t>(first * m_columns), count * m_columns, out.begin());
        return {};
    }
    bool isHalf() const override { return m_half; }

private:
    std::vector<float> m_values;
    std::size_t m_columns;
    bool m_half;
};

inline zoo::Property property(const std::string& name, zoo::PropertyKind kind, std::vector<double> values)
{
    zoo::Property made;
    made.name = name;
    made.kind = kind;
    made.values = std::move(values);
    return made;
}

/// Four small GRUs with a property of every kind.
inline zoo::Zoo memoryZoo()
{
    zoo::Zoo made;
    made.name = "four GRUs";
    made.architecture = {zoo::Cell::Gru, 3, 4, 1, 2, false};
    made.size = 4;
    const std::size_t columns = made.architecture.parameterCount();
    std::vector<float> values(made.size * columns);
    for (std::size_t i = 0; i < values.size(); ++i)
        values[i] = static_cast<float>(std::sin(static_cast<double>(i)));
    made.parameters = std::make_shared<MemoryParameters>(std::move(values), columns, false);
    made.properties = {property("optimiser", zoo::PropertyKind::Categorical, {1, 0, 1, NAN}),
                       property("phase", zoo::PropertyKind::Circular, {0.5, 1.5, 2.25, 3}),
                       property("run", zoo::PropertyKind::Integer, {7, 8, 9, -10}),
                       property("score, % of \"all\"", zoo::PropertyKind::Real, {0.25, NAN, 1e300, -0.1})};
    made.properties[0].labels = {"sgd, plain", "Übung"};
    made.properties[1].unit = "h";
    made.properties[1].period = 24.0;
    made.properties[3].description = "a description";
    made.provenance = R"({"program": "a test"})";
    return made;
}

inline std::vector<float> parametersOf(const zoo::Zoo& source)
{
    std::vector<float> values(source.size * source.architecture.parameterCount());
    const auto read = source.parameters->read(0, source.size, values);
    EXPECT_TRUE(read) << read.error().message;
    return values;
}

inline bool sameBytes(const std::vector<float>& a, const std::vector<float>& b)
{
    return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

inline void expectSameProperties(const std::vector<zoo::Property>& a, const std::vector<zoo::Property>& b)
{
    ASSERT_EQ(a.size(), b.size());
    for (const zoo::Property& one : a) {
        const auto other = std::find_if(b.begin(), b.end(), [&](const auto& p) { return p.name == one.name; });
        ASSERT_NE(other, b.end()) << one.name;
        EXPECT_EQ(one.kind, other->kind) << one.name;
        EXPECT_EQ(one.unit, other->unit) << one.name;
        EXPECT_EQ(one.description, other->description) << one.name;
        EXPECT_EQ(one.period, other->period) << one.name;
        EXPECT_EQ(one.columns, other->columns) << one.name;
        EXPECT_EQ(one.labels, other->labels) << one.name;
        ASSERT_EQ(one.values.size(), other->values.size()) << one.name;
        for (std::size_t i = 0; i < one.values.size(); ++i)
            EXPECT_TRUE(one.values[i] == other->values[i]
                        || (std::isnan(one.values[i]) && std::isnan(other->values[i])))
                << one.name << " " << i;
    }
}

inline Result<void> write(const zoo::Zoo& source, const fs::path& path, const zoo::WriteZooOptions& options = {})
{
    NoProgress progress;
    return zoo::writeZoo(source, path, options, progress, {});
}

} // namespace rnnscope::testdata
