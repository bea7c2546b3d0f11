#include "zoo/raw_hdf5.h"
#include "zoo/zoo_files.h"

namespace {

using namespace rnnscope;
using namespace rnnscope::testdata;
using zoo::openZoo;

class Hdf5Zoo : public FolderTest
{
protected:
    fs::path path() const { return folder / "zoo.h5"; }
    void writeParameters(hid_t file, const Layout& layout = {}, hid_t type = H5T_IEEE_F32LE) const
    {
        const auto values = smallParameters(3);
        dataset(file, "parameters", type, {3, kSmallColumns}, H5T_NATIVE_FLOAT, values.data(), layout);
    }
};

TEST_F(Hdf5Zoo, NeedsOnlyArchitectureAndParameters)
{
    writeParameters(smallZooFile(path()).get());
    const auto opened = openZoo(path());
    ASSERT_TRUE(opened) << opened.error().message;
    EXPECT_EQ((*opened)->name, "zoo");
    EXPECT_EQ((*opened)->family, zoo::TaskFamily::Custom);
    EXPECT_EQ((*opened)->architecture, (zoo::Architecture {zoo::Cell::Lstm, 3, 2, 1, 2, false}));
    EXPECT_EQ((*opened)->size, 3U);
    EXPECT_TRUE((*opened)->properties.empty());
    EXPECT_EQ((*opened)->rollouts, nullptr);
    EXPECT_TRUE(sameBytes(parametersOf(**opened), smallParameters(3)));
}

TEST_F(Hdf5Zoo, ReadsEveryLayoutAndPrecision)
{
    const Handle half = zoo::hdf5::halfType();
    const std::vector<Layout> layouts {
        {}, {.chunk = {1, kSmallColumns}}, {.chunk = {2, 7}, .deflate = 4}, {.compact = true}};
    for (const hid_t type : {H5T_IEEE_F32LE, H5T_IEEE_F64LE, H5T_IEEE_F32BE, half.get()})
        for (const Layout& layout : layouts) {
            writeParameters(smallZooFile(path()).get(), layout, type);
            const auto opened = openZoo(path());
            ASSERT_TRUE(opened) << opened.error().message;
            EXPECT_TRUE(sameBytes(parametersOf(**opened), smallParameters(3)));
            EXPECT_EQ((*opened)->parameters->isHalf(), type == half.get());
            std::vector<float> row(kSmallColumns);
            ASSERT_TRUE((*opened)->parameters->read(1, 1, row));
            EXPECT_EQ(row[0], smallParameters(3)[kSmallColumns]);
            EXPECT_FALSE((*opened)->parameters->read(3, 1, row));
        }
}

TEST_F(Hdf5Zoo, ReadsFixedLengthTextAndIntegerTruth)
{
    {
        const Handle file = createFile(path());
        fixedText(file.get(), "format", "rnn-zoo", H5T_STR_SPACEPAD, 12);
        fixedText(file.get(), "name", "my zoo", H5T_STR_NULLPAD, 6);
        fixedText(file.get(), "task_family", "formal_language", H5T_STR_NULLTERM, 16);
        numberAttribute<unsigned char>(file.get(), "version", H5T_NATIVE_UCHAR, 1);
        const Handle architecture = makeGroup(file.get(), "architecture");
        fixedText(architecture.get(), "cell", "rnn_tanh", H5T_STR_NULLPAD, 8);
        for (const char* size : {"input_size", "hidden_size", "num_layers", "output_size"})
            numberAttribute<short>(architecture.get(), size, H5T_NATIVE_SHORT, 1);
        numberAttribute<int>(architecture.get(), "bias", H5T_NATIVE_INT, 1);
        const std::vector<float> values {1, 2, 3, 4, 5, 6};
        dataset(file.get(), "parameters", H5T_IEEE_F32LE, {1, 6}, H5T_NATIVE_FLOAT, values.data());
    }
    const auto opened = openZoo(path());
    ASSERT_TRUE(opened) << opened.error().message;
    EXPECT_EQ((*opened)->name, "my zoo");
    EXPECT_EQ((*opened)->family, zoo::TaskFamily::FormalLanguage);
    EXPECT_EQ((*opened)->architecture, (zoo::Architecture {zoo::Cell::RnnTanh, 1, 1, 1, 1, true}));
}

TEST_F(Hdf5Zoo, ReadsPropertiesOfEveryType)
{
    {
        const Handle file = smallZooFile(path());
        writeParameters(file.get());
        const Handle group = makeGroup(file.get(), "properties");
        const std::vector<const char*> names {"b", "a", "b"};
        const Handle text = zoo::hdf5::textType();
        dataset(group.get(), "optimiser", text.get(), {3}, text.get(), names.data());
        const std::vector<signed char> flags {1, 0, 1};
        const Handle truth = truthType();
        dataset(group.get(), "pretrained", truth.get(), {3}, truth.get(), flags.data(), {.chunk = {2}});
        const std::vector<int> tasks {0, 1, 2, -3, 4, 5};
        dataset(group.get(), "task", H5T_STD_I16BE, {3, 2}, H5T_NATIVE_INT, tasks.data());
        const std::vector<float> angles {0, 90, 270};
        const Handle angle = dataset(group.get(), "angle", H5T_IEEE_F32LE, {3, 1}, H5T_NATIVE_FLOAT, angles.data());
        fixedText(angle.get(), "kind", "circular", H5T_STR_NULLPAD, 8);
        fixedText(angle.get(), "unit", "deg", H5T_STR_NULLPAD, 3);
        numberAttribute<int>(angle.get(), "period", H5T_NATIVE_INT, 360);
    }
    const auto opened = openZoo(path());
    ASSERT_TRUE(opened) << opened.error().message;
    const zoo::Zoo& found = **opened;
    ASSERT_EQ(found.properties.size(), 4U);
    EXPECT_EQ(found.property("optimiser")->kind, zoo::PropertyKind::Categorical);
    EXPECT_EQ(found.property("optimiser")->labels, (std::vector<std::string> {"a", "b"}));
    EXPECT_EQ(found.property("optimiser")->values, (std::vector<double> {1, 0, 1}));
    EXPECT_EQ(found.property("pretrained")->values, (std::vector<double> {1, 0, 1}));
    EXPECT_EQ(found.property("task")->kind, zoo::PropertyKind::Integer);
    EXPECT_EQ(found.property("task")->columns, 2U);
    EXPECT_EQ(found.property("task")->value(1, 1), -3.0);
    EXPECT_EQ(found.property("angle")->period, 360.0);
    EXPECT_EQ(found.property("angle")->columns, 1U);
}

TEST_F(Hdf5Zoo, ReadsRolloutsInEveryLayout)
{
    const Handle half = zoo::hdf5::halfType();
    for (const Layout& inputs : {Layout {}, Layout {.chunk = {2, 1, 3}, .deflate = 1}}) {
        {
            const Handle file = smallZooFile(path());
            writeParameters(file.get());
            const Handle group = makeGroup(file.get(), "rollouts");
            std::vector<int> tokens(3 * 2 * 5);
            for (std::size_t i = 0; i < tokens.size(); ++i)
                tokens[i] = static_cast<int>(i % 3);
            dataset(group.get(), "inputs", H5T_STD_I32LE, {3, 2, 5}, H5T_NATIVE_INT, tokens.data(), inputs);
            std::vector<float> logits(3 * 2 * 4 * 2);
            for (std::size_t i = 0; i < logits.size(); ++i)
                logits[i] = static_cast<float>(i);
            const Layout chunked {.chunk = inputs.chunk.empty() ? inputs.chunk : std::vector<hsize_t> {1, 2, 4, 2}};
            dataset(group.get(), "logits", half.get(), {3, 2, 4, 2}, H5T_NATIVE_FLOAT, logits.data(), chunked);
        }
        const auto opened = openZoo(path());
        ASSERT_TRUE(opened) << opened.error().message;
        ASSERT_NE((*opened)->rollouts, nullptr);
        std::vector<float> tokens(5);
        ASSERT_TRUE((*opened)->rollouts->readInputs(2, 1, 1, tokens));
        EXPECT_EQ(tokens, (std::vector<float> {1, 2, 0, 1, 2}));
        std::vector<float> logits(8);
        ASSERT_TRUE((*opened)->rollouts->readLogits(1, 1, 1, logits));
        EXPECT_EQ(logits, (std::vector<float> {24, 25, 26, 27, 28, 29, 30, 31}));
    }
}

TEST_F(Hdf5Zoo, NamesWhatIsMissingOrWrong)
{
    const auto with = [&](auto change, const std::string& part) {
        {
            const Handle file = smallZooFile(path());
            change(file.get());
        }
        expectSentence(openZoo(path()), part);
    };
    with([](hid_t) {}, "has no /parameters");
    with([&](hid_t file) { writeParameters(file), H5Ldelete(file, "architecture", H5P_DEFAULT); },
         "has no /architecture");
    with([&](hid_t file) { writeParameters(file), H5Adelete(file, "version"); }, "'version'");
    with([](hid_t file) { H5Adelete(file, "version"), numberAttribute<int>(file, "version", H5T_NATIVE_INT, 2); },
         "reads version 1");
    with([](hid_t file) { H5Adelete(file, "format"), variableText(file, "format", "other"); }, "'other'");
    with([](hid_t file) { variableText(file, "task_family", "chess"); }, "chess");
    const auto architecture = [&](const char* name, auto value, const std::string& part) {
        with(
            [&](hid_t file) {
                const Handle group(H5Gopen2(file, "architecture", H5P_DEFAULT), H5Gclose, "group");
                H5Adelete(group.get(), name);
                value(group.get());
            },
            part);
    };
    architecture(
        "cell", [](hid_t group) { variableText(group, "cell", "transformer"); }, "transformer");
    architecture(
        "hidden_size", [](hid_t) {}, "'hidden_size'");
    architecture(
        "hidden_size", [](hid_t group) { variableText(group, "hidden_size", "2"); }, "not an integer");
    architecture(
        "hidden_size", [](hid_t group) { numberAttribute<int>(group, "hidden_size", H5T_NATIVE_INT, -2); }, "-2");
    architecture(
        "bias", [](hid_t group) { numberAttribute<int>(group, "bias", H5T_NATIVE_INT, 7); }, "true or false");
    architecture(
        "bias", [](hid_t group) { variableText(group, "head", "mlp"); }, "'mlp'");
    const std::vector<float> values(200, 0.0F);
    with(
        [&](hid_t file) {
            dataset(file, "parameters", H5T_IEEE_F32LE, {3, 9}, H5T_NATIVE_FLOAT, values.data());
        },
        "rows of 9 numbers, an LSTM 1×2, 3 in, 2 out has 46");
    with(
        [&](hid_t file) {
            dataset(file, "parameters", H5T_STD_I32LE, {1, 46}, H5T_NATIVE_FLOAT, values.data());
        },
        "integers");
    with([&](hid_t file) { dataset(file, "parameters", H5T_IEEE_F32LE, {46}, H5T_NATIVE_FLOAT, values.data()); },
         "shape");
    with([](hid_t file) { makeGroup(file, "parameters"); }, "not a dataset");
    with(
        [&](hid_t file) {
            writeParameters(file);
            const Handle group = makeGroup(file, "properties");
            dataset(group.get(), "run", H5T_IEEE_F32LE, {2}, H5T_NATIVE_FLOAT, values.data());
        },
        "property 'run'");
}

TEST_F(Hdf5Zoo, RefusesSizesTheFileCannotHold)
{
    const auto claim = [&](const Layout& layout) {
        {
            const Handle file = smallZooFile(path());
            dataset(file.get(), "parameters", H5T_IEEE_F32LE, {hsize_t {1} << 40U, kSmallColumns}, H5T_NATIVE_FLOAT,
                    nullptr, layout);
        }
        expectSentence(openZoo(path()), "/parameters");
    };
    claim({});
    claim({.chunk = {1, kSmallColumns}});
    claim({.chunk = {1U << 20U, kSmallColumns}, .deflate = 9});
}

TEST_F(Hdf5Zoo, DoesNotFollowLinksIntoOtherFiles)
{
    writeParameters(smallZooFile(folder / "other.h5").get());
    {
        const Handle file = smallZooFile(path());
        H5Lcreate_external("other.h5", "/parameters", file.get(), "parameters", H5P_DEFAULT, H5P_DEFAULT);
    }
    expectSentence(openZoo(path()), "has no /parameters");
}

} // namespace
