#include "making/making_case.h"

#include "core/base/random.h"
#include "core/making/language_family.h"
#include "core/making/parts_folder.h"

#include <hdf5.h>

#include <algorithm>
#include <set>

namespace rnnscope::test {

namespace {

namespace fs = std::filesystem;

class SeveralNetworks final : public rnn::GroupTrainer
{
public:
    SeveralNetworks(const rnn::Shape& shape, std::span<const float> parameters)
    {
        for (; !parameters.empty(); parameters = parameters.subspan(shape.parameterCount()))
            m_trainers.emplace_back(shape, parameters.first(shape.parameterCount()));
    }
    std::size_t size() const override { return m_trainers.size(); }
    Result<void> update(std::span<const rnn::PrefixBatch> batches, std::span<const rnn::AdamW> optimisers) override
    {
        for (std::size_t i = 0; i < m_trainers.size(); ++i)
            m_trainers[i].update(batches[i], optimisers[i]);
        return {};
    }
    Result<void> read(std::size_t i, std::span<float> parameters) override
    {
        std::ranges::copy(m_trainers[i].parameters(), parameters.begin());
        return {};
    }

private:
    std::vector<rnn::RnnTrainer> m_trainers;
};

using Names = std::set<std::string>;

herr_t addName(hid_t, const char* name, const H5O_info_t*, void* names)
{
    static_cast<Names*>(names)->insert(name);
    return 0;
}

herr_t addAttribute(hid_t, const char* name, const H5A_info_t*, void* names)
{
    static_cast<Names*>(names)->insert(name);
    return 0;
}

Names objectsOf(hid_t file)
{
    Names names;
    H5Ovisit2(file, H5_INDEX_NAME, H5_ITER_INC, addName, &names, H5O_INFO_BASIC);
    return names;
}

/// Numbers and texts as they are in memory, after their type and shape.
std::string bytesOf(hid_t type, hid_t space, const std::function<herr_t(void*)>& read)
{
    const auto count = static_cast<std::size_t>(std::max<hssize_t>(1, H5Sget_simple_extent_npoints(space)));
    std::string bytes(count * H5Tget_size(type), '\0');
    read(bytes.data());
    if (H5Tis_variable_str(type) > 0) {
        std::string texts;
        for (std::size_t i = 0; i < count; ++i)
            texts += std::string(reinterpret_cast<char**>(bytes.data())[i]) + "\n";
        bytes = texts;
    }
    hsize_t sizes[H5S_MAX_RANK] = {};
    const int rank = H5Sget_simple_extent_dims(space, sizes, nullptr);
    for (int i = 0; i < rank; ++i)
        bytes += " " + std::to_string(sizes[i]);
    return bytes + " " + std::to_string(H5Tget_class(type)) + " " + std::to_string(H5Tget_size(type));
}

std::string attributesOf(hid_t object)
{
    Names names;
    H5Aiterate2(object, H5_INDEX_NAME, H5_ITER_INC, nullptr, addAttribute, &names);
    std::string all;
    for (const std::string& name : names) {
        const hid_t attribute = H5Aopen(object, name.c_str(), H5P_DEFAULT);
        const hid_t type = H5Aget_type(attribute);
        const hid_t space = H5Aget_space(attribute);
        if (name != "provenance")
            all += name + ": " + bytesOf(type, space, [&](void* out) { return H5Aread(attribute, type, out); }) + "\n";
        H5Sclose(space);
        H5Tclose(type);
        H5Aclose(attribute);
    }
    return all;
}

std::string contentOf(hid_t file, const std::string& name)
{
    const hid_t object = H5Oopen(file, name.c_str(), H5P_DEFAULT);
    std::string content = attributesOf(object);
    if (H5Iget_type(object) == H5I_DATASET) {
        const hid_t type = H5Dget_type(object);
        const hid_t space = H5Dget_space(object);
        content += bytesOf(type, space,
                           [&](void* out) { return H5Dread(object, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, out); });
        H5Sclose(space);
        H5Tclose(type);
    }
    H5Oclose(object);
    return content;
}

} // namespace

making::Recipe smallLanguages()
{
    making::Recipe recipe;
    recipe.hidden = 6;
    recipe.layers = 2;
    recipe.runs = 3;
    recipe.steps = 12;
    recipe.snapshots = {0, 5, 100};
    recipe.sequences = 4;
    recipe.seed = 3;
    recipe.language.letters = 3;
    recipe.language.maxN = 5;
    recipe.language.length = 18;
    recipe.language.samples = 20;
    return recipe;
}

making::Recipe smallMnist()
{
    making::Recipe recipe;
    recipe.family = zoo::TaskFamily::SequentialMnist;
    recipe.hidden = 5;
    recipe.layers = 1;
    recipe.runs = 3;
    recipe.steps = 6;
    recipe.snapshots = {2};
    recipe.batch = 8;
    recipe.sequences = 3;
    recipe.mnist.tileSide = 7;
    recipe.mnist.mostDigits = 15;
    return recipe;
}

tasks::Digits someDigits(std::size_t count)
{
    tasks::Digits digits;
    RandomStream random(1);
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t label = random.below(tasks::kDigitClasses);
        digits.labels.push_back(static_cast<std::uint8_t>(label));
        for (std::size_t pixel = 0; pixel < tasks::kDigitPixels; ++pixel) {
            const std::size_t row = pixel / tasks::kDigitSide, column = pixel % tasks::kDigitSide;
            const bool bar = column / 2 == 2 + label && row > 5 && row < 22;
            digits.pixels.push_back(static_cast<std::uint8_t>(bar ? 128 + random.below(128) : 0));
        }
    }
    return digits;
}

std::shared_ptr<const making::DigitSet> someDigitSet(std::size_t count)
{
    return making::splitDigits(someDigits(count)).value();
}

std::unique_ptr<making::Family> familyOf(const making::Recipe& recipe)
{
    return recipe.family == zoo::TaskFamily::FormalLanguage ? making::languageFamily(recipe)
                                                            : making::mnistFamily(recipe, someDigitSet());
}

rnn::TrainerKind groupsOf(std::size_t size, int groupsAtOnce)
{
    return {.groupSize = size,
            .groupsAtOnce = groupsAtOnce,
            .make = [](const rnn::Shape& shape,
                       std::span<const float> parameters) -> Result<std::unique_ptr<rnn::GroupTrainer>> {
                return std::make_unique<SeveralNetworks>(shape, parameters);
            }};
}

std::string firstDifference(const fs::path& one, const fs::path& other)
{
    const hid_t a = H5Fopen(one.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT);
    const hid_t b = H5Fopen(other.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT);
    std::string found;
    const Names names = objectsOf(a);
    if (names != objectsOf(b))
        found = "names";
    for (const std::string& name : names)
        if (found.empty() && contentOf(a, name) != contentOf(b, name))
            found = name;
    H5Fclose(a);
    H5Fclose(b);
    return found;
}

void NotingProgress::begin(std::string_view what, std::size_t all)
{
    began.emplace_back(what);
    total = all;
    largest = 0;
}

void NotingProgress::update(std::size_t done)
{
    EXPECT_GE(done, largest);
    EXPECT_LE(done, total);
    largest = done;
}

void MakingTest::SetUp()
{
    std::string name = testing::UnitTest::GetInstance()->current_test_info()->name();
    std::replace(name.begin(), name.end(), '/', '_');
    folder = fs::path(testing::TempDir()) / ("rnnscope_making_" + name);
    fs::remove_all(folder);
    fs::create_directories(folder);
    zooPath = folder / "zoo.h5";
}

Result<making::Made> MakingTest::make(const making::Recipe& recipe, const fs::path& output,
                                      const rnn::TrainerKind& trainers, bool force, std::stop_token stop)
{
    const making::MakeOptions options {
        .output = output,
        .threads = 2,
        .force = force,
        .data = recipe.family == zoo::TaskFamily::FormalLanguage ? std::string() : someDigitSet()->fingerprint,
        .provenance = {{"program", "test"}}};
    return making::makeZoo(recipe, *familyOf(recipe), trainers, options, progress, std::move(stop));
}

fs::path MakingTest::partsOf(const fs::path& output) const
{
    return making::PartsFolder::beside(output);
}

} // namespace rnnscope::test
