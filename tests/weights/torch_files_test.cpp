#include "core/base/half.h"
#include "core/weights/tensor_file.h"
#include "weights/weight_files.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <gmock/gmock.h>
#include <map>

namespace rnnscope::weights {

using testing::ElementsAre;
using testing::HasSubstr;

namespace {

struct Tensor
{
    std::vector<std::size_t> shape;
    std::vector<float> values;

    bool operator==(const Tensor&) const = default;
};

void PrintTo(const Tensor& tensor, std::ostream* out)
{
    *out << fmt::format("{} values", tensor.values.size());
}

using Tensors = std::map<std::string, Tensor>;

std::shared_ptr<const TensorFile> opened(const std::string& name)
{
    const auto file = openTensorFile(dataFile(name));
    EXPECT_TRUE(file) << (file ? "" : file.error().message);
    return file.value_or(nullptr);
}

/// Those below a prefix, without it. Tensors that cannot be read are left out.
Tensors tensorsOf(const std::string& name, const std::string& prefix = "")
{
    Tensors found;
    const auto file = opened(name);
    for (std::size_t i = 0; file && i < file->tensors().size(); ++i) {
        const TensorInfo& info = file->tensors()[i];
        Tensor tensor {info.shape, std::vector<float>(info.entries())};
        if (info.name.starts_with(prefix) && file->read(i, tensor.values))
            found.emplace(info.name.substr(prefix.size()), std::move(tensor));
    }
    return found;
}

/// The reference's tensors out of rnnfast.safetensors: entries in the order of the names, float32.
Tensors reference()
{
    const std::string bytes = readBytes(dataFile("rnnfast.safetensors"));
    std::uint64_t header = 0;
    std::memcpy(&header, bytes.data(), sizeof header);
    const std::string json = bytes.substr(8, header);
    Tensors all = tensorsOf("rnnfast_formal.pt"); // for names and shapes only
    for (auto& [name, tensor] : all) {
        const std::size_t at = json.find("\"data_offsets\"", json.find('"' + name + '"'));
        const std::size_t begin = std::stoul(json.substr(json.find('[', at) + 1));
        std::fill(tensor.values.begin(), tensor.values.end(), 0.0F);
        std::memcpy(tensor.values.data(), bytes.data() + 8 + header + begin, tensor.values.size() * sizeof(float));
    }
    return all;
}

Tensors rounded(Tensors tensors, const auto& round)
{
    for (auto& [name, tensor] : tensors)
        std::transform(tensor.values.begin(), tensor.values.end(), tensor.values.begin(), round);
    return tensors;
}

float toBFloat16(float value)
{
    const auto bits = std::bit_cast<std::uint32_t>(value);
    return std::bit_cast<float>((bits + 0x7fffU + ((bits >> 16U) & 1U)) & 0xffff0000U);
}

} // namespace

struct Variant
{
    std::string file;
    std::string prefix;
    Format format = Format::TorchZip;
};

void PrintTo(const Variant& variant, std::ostream* out)
{
    *out << variant.file;
}

class RnnfastVariants : public testing::TestWithParam<Variant>
{
};

TEST_P(RnnfastVariants, HoldTheSameTensors)
{
    const auto& [file, prefix, format] = GetParam();
    EXPECT_EQ(tensorsOf(file, prefix), reference());
    EXPECT_EQ(opened(file)->format(), format);
}

INSTANTIATE_TEST_SUITE_P(
    Reference, RnnfastVariants,
    testing::Values(Variant {"rnnfast_formal.pt", ""}, Variant {"rnnfast_formal.pth", ""},
                    Variant {"rnnfast_protocol4.pt", ""}, Variant {"rnnfast_from_buffer.pt", ""},
                    Variant {"rnnfast_parameters_kept.pt", ""}, Variant {"rnnfast_plain_dict.pt", ""},
                    Variant {"rnnfast_shared_storage.pt", ""}, Variant {"rnnfast_transposed_strides.pt", ""},
                    Variant {"rnnfast_rezipped_deflate.pt", ""}, Variant {"rnnfast_float64.pt", ""},
                    Variant {"ddp_prefix.pt", "module."}, Variant {"rnnfast_legacy.pt", "", Format::TorchLegacy},
                    Variant {"rnnfast_legacy_shared_strided.pt", "", Format::TorchLegacy}),
    [](const auto& variant) {
        std::string name = variant.param.file;
        std::replace(name.begin(), name.end(), '.', '_');
        return name;
    });

TEST(TorchFiles, WidenHalfAndBFloat16)
{
    const auto half = [](float value) { return halfToFloat(floatToHalf(value)); };
    EXPECT_EQ(tensorsOf("rnnfast_half.pt"), rounded(reference(), half));
    EXPECT_EQ(tensorsOf("rnnfast_bfloat16.pt"), rounded(reference(), toBFloat16));
    EXPECT_EQ(tensorsOf("rnnfast_bfloat16_legacy.pt"), rounded(reference(), toBFloat16));
    EXPECT_EQ(opened("rnnfast_half.pt")->tensors()[0].dtype, Dtype::Float16);
    EXPECT_EQ(opened("rnnfast_bfloat16.pt")->tensors()[0].dtype, Dtype::BFloat16);
    EXPECT_EQ(opened("rnnfast_float64.pt")->tensors()[0].dtype, Dtype::Float64);
}

TEST(TorchFiles, FindTheWeightsInCheckpoints)
{
    const Tensors epoch = tensorsOf("checkpoint_epoch.pt", "model_state_dict.");
    EXPECT_EQ(tensorsOf("checkpoint_epoch_legacy.tar", "state_dict."), epoch);
    EXPECT_EQ(tensorsOf("lightning.ckpt", "state_dict.model."), epoch);
    const Tensors before = reference(); // one step of Adam with a rate of 0.001
    ASSERT_EQ(epoch.size(), before.size());
    for (const auto& [name, tensor] : before)
        for (std::size_t i = 0; i < tensor.values.size(); ++i)
            ASSERT_NEAR(epoch.at(name).values[i], tensor.values[i], 0.0011) << name;
}

TEST(TorchFiles, KeepTheOrderOfTheFile)
{
    std::vector<std::string> names;
    const auto file = opened("rnn_cells_names.pt");
    for (const TensorInfo& info : file->tensors())
        names.push_back(info.name);
    EXPECT_THAT(names,
                ElementsAre("lstm_cells.0.i2h.weight", "lstm_cells.0.h2h.weight", "lstm_cells.0.i2h.bias",
                            "lstm_cells.0.h2h.bias", "lstm_cells.1.i2h.weight", "lstm_cells.1.h2h.weight",
                            "lstm_cells.1.i2h.bias", "lstm_cells.1.h2h.bias", "linear.weight", "linear.bias"));
}

TEST(TorchFiles, NumberListsAndCallASingleTensorTensor)
{
    const Tensors all = reference();
    const Tensors listed = tensorsOf("parameter_list.pt");
    ASSERT_EQ(listed.size(), 10U);
    EXPECT_EQ(listed.at("0"), all.at("lstm.weight_ih_l0"));
    EXPECT_EQ(listed.at("9"), all.at("linear.bias"));
    const Tensors flat = tensorsOf("flat_vector.pt");
    ASSERT_EQ(flat.size(), 1U);
    EXPECT_EQ(flat.at("tensor").shape, std::vector<std::size_t> {13766});
    const auto& first = all.at("lstm.weight_ih_l0").values;
    EXPECT_TRUE(std::equal(first.begin(), first.end(), flat.at("tensor").values.begin()));
}

TEST(TorchFiles, KeepNaNs)
{
    std::size_t notFinite = 0;
    for (const auto& [name, tensor] : tensorsOf("rnnfast_nan.pt"))
        for (const float value : tensor.values)
            notFinite += std::isfinite(value) ? 0 : 1;
    EXPECT_EQ(notFinite, 2U);
}

TEST(TorchFiles, ReadTorchScriptsTensors)
{
    const Tensors all = tensorsOf("torchscript.pt");
    EXPECT_EQ(opened("torchscript.pt")->format(), Format::TorchScript);
    EXPECT_EQ(all.at("lstm.weight_ih_l0"), all.at("lstm._flat_weights.0"));
    EXPECT_EQ(all.at("lstm.bias_hh_l1"), all.at("lstm._flat_weights.7"));
    EXPECT_EQ(all.at("fc.weight").shape.size(), 2U);
    EXPECT_GT(std::abs(all.at("fc.weight").values.at(0)), 0.0F);
}

/// Made by make_trainer_checkpoints.py beside them.
class TrainerCheckpoints : public testing::TestWithParam<std::string>
{
};

TEST_P(TrainerCheckpoints, AreReadWithAllThatStandsBesideTheWeights)
{
    const Tensors all = tensorsOf(GetParam());
    EXPECT_EQ(all.at("hyper_parameters.tensor").values, (std::vector<float> {1, 1}));
    EXPECT_EQ(all.at("tagged").values, (std::vector<float> {0, 1, 2, 3}));
    EXPECT_EQ(all.at("default.a.0").values, (std::vector<float> {7, 7}));
    EXPECT_EQ(all.at("bytes_tensor").values, (std::vector<float> {1, 2, 255}));
    EXPECT_EQ(all.at("long_tensor"), (Tensor {{}, {-5}}));
    EXPECT_EQ(all.at("empty_tensor"), (Tensor {{0, 3}, {}}));
    EXPECT_EQ(all.at("expanded"), (Tensor {{2, 3}, {1, 1, 1, 2, 2, 2}}));
    EXPECT_EQ(all.at("state_dict.weight_ih_l0").shape, (std::vector<std::size_t> {12, 2}));
    EXPECT_EQ(all.at("optimizer.state.0.exp_avg").shape, (std::vector<std::size_t> {12, 2}));
    EXPECT_EQ(tensorsOf(GetParam(), "state_dict."), tensorsOf("trainer_checkpoint.pt", "state_dict."));
}

TEST_P(TrainerCheckpoints, ListWhatTheyRefuseToRead)
{
    const auto file = opened(GetParam());
    std::map<std::string, std::string> messages;
    for (std::size_t i = 0; i < file->tensors().size(); ++i) {
        const TensorInfo& info = file->tensors()[i];
        std::vector<float> values(info.entries());
        if (const auto done = file->read(i, values); !done)
            messages[info.name + ' ' + std::string(name(info.dtype))] = done.error().message;
    }
    ASSERT_EQ(messages.size(), 2U);
    EXPECT_THAT(messages.at("bool_tensor boolean"), HasSubstr("the tensor bool_tensor is of bool"));
    EXPECT_THAT(messages.at("complex_tensor other"), HasSubstr("is of complex64, expected floats or integers"));
}

INSTANTIATE_TEST_SUITE_P(Protocols, TrainerCheckpoints,
                         testing::Values("trainer_checkpoint.pt", "trainer_checkpoint_legacy.pt",
                                         "trainer_checkpoint_protocol5.pt", "trainer_checkpoint_protocol1_legacy.pt"),
                         [](const auto& file) { return file.param.substr(0, file.param.find('.')); });

TEST(TorchFiles, RefuseTheWrongNumberOfEntries)
{
    std::vector<float> values(3);
    EXPECT_THAT(opened("rnnfast_formal.pt")->read(0, values).error().message,
                HasSubstr("lstm.weight_ih_l0 has 768 entries, 3 were asked for"));
}

struct Refusal
{
    std::string file;
    std::string reason;
};

void PrintTo(const Refusal& refusal, std::ostream* out)
{
    *out << refusal.file;
}

class RefusedFiles : public testing::TestWithParam<Refusal>
{
};

TEST_P(RefusedFiles, SayWhy)
{
    const fs::path pwned = fs::temp_directory_path() / "pwned";
    ASSERT_FALSE(fs::exists(pwned)) << "left behind by something else";
    const auto file = openTensorFile(dataFile(GetParam().file));
    ASSERT_FALSE(file);
    EXPECT_EQ(file.error().code, Errc::BadFormat);
    EXPECT_THAT(file.error().message, HasSubstr(GetParam().file));
    EXPECT_THAT(file.error().message, HasSubstr(GetParam().reason));
    EXPECT_FALSE(fs::exists(pwned));
}

INSTANTIATE_TEST_SUITE_P(
    Reference, RefusedFiles,
    testing::Values(
        Refusal {"malicious_zip.pt", "needs os.system (posix.system), which a weight file has no business with"},
        Refusal {"malicious_legacy.pt", "needs os.system (posix.system), which a weight file has no business with"},
        Refusal {"malicious_eval.pt", "needs __builtin__.eval, which a weight file has no business with"},
        Refusal {"malicious_getattr.pt", "needs __builtin__.getattr, which a weight file has no business with"},
        Refusal {"malicious_plain_pickle.pkl",
                 "needs os.system (posix.system), which a weight file has no business with"},
        Refusal {"whole_module.pt", "whole model of class user_model.Tagger"},
        Refusal {"whole_module.pt", "torch.save(model.state_dict(), ...)"},
        Refusal {"whole_module_legacy.pt", "whole model of class user_model.Tagger"},
        Refusal {"whole_module_legacy.pt", "torch.save(model.state_dict(), ...)"},
        Refusal {"truncated.pt", "cut short"}, Refusal {"truncated_legacy.pt", "lstm.weight_ih_l1 should have 16384"},
        Refusal {"empty.pt", "is empty"}, Refusal {"not_a_model.pt", "is a text file"},
        Refusal {"missing_record.pt", "the storage 3 of the tensor lstm.bias_hh_l0 is not in the file"},
        Refusal {"short_record.pt", "should have 16384 bytes, rnnfast_formal/data/1 has 100"},
        Refusal {"view_out_of_bounds.pt", "lstm.weight_ih_l0 reaches past its storage"},
        Refusal {"view_negative_offset.pt", "lstm.weight_ih_l0 begins -5 entries before its storage"},
        Refusal {"view_overflow_shape.pt", "lstm.weight_ih_l0 claims over 1099511627776 entries"},
        Refusal {"unknown_storage_type.pt", "data.pkl does not have the checksum it should have"}),
    [](const auto& refusal) {
        std::string name = refusal.param.file + std::to_string(refusal.index);
        std::replace(name.begin(), name.end(), '.', '_');
        return name;
    });

} // namespace rnnscope::weights
