#include "core/base/printable.h"
#include "core/weights/onnx_stack.h"
#include "core/weights/readers.h"

#include <onnx/onnx_pb.h>
#include <unordered_set>

namespace rnnscope::weights {

namespace {

constexpr std::size_t kLargestModel = std::size_t {1} << 30U; ///< protobuf can do 2 GiB, and keeps all of it in memory

class OnnxFile final : public TensorFile
{
public:
    explicit OnnxFile(const fs::path& path)
        : TensorFile(path, Format::Onnx)
    {
    }

    Result<void> open(const MappedFile& file)
    {
        if (file.size() > kLargestModel)
            return fail(Errc::BadFormat,
                        fmt::format("{} is an ONNX model of {} bytes, expected at most {}", path().string(),
                                    file.size(), kLargestModel));
        bool parsed = false;
        auto used = file.use(0, file.size(), [&](std::span<const std::byte> bytes) {
            parsed = m_model.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
        });
        if (!used)
            return used;
        if (!parsed)
            return fail(Errc::BadFormat, path().string() + " is an ONNX model that is cut short or damaged");
        if (!m_model.has_graph())
            return fail(Errc::BadFormat, path().string() + " is an ONNX model without a graph");
        if (auto listed = list(); !listed)
            return listed;
        auto found = findOnnxStacks(OnnxGraph(m_model.graph(), m_stored));
        m_declared = std::move(found.stacks);
        m_notes = std::move(found.notes);
        return {};
    }

    Result<void> read(std::size_t tensor, std::span<float> out) const override
    {
        if (auto fits = checkReadable(*this, tensor, out); !fits)
            return fits;
        readOnnxTensor(m_stored[tensor], out);
        return {};
    }

private:
    /// Initializers, and the floats of Constant nodes; the integers of those are shapes and axes.
    Result<void> list()
    {
        for (const onnx::TensorProto& tensor : m_model.graph().initializer())
            if (auto added = add(tensor, tensor.name()); !added)
                return added;
        for (const onnx::NodeProto& node : m_model.graph().node()) {
            if (node.op_type() != "Constant" || node.output_size() != 1)
                continue;
            for (const onnx::AttributeProto& attribute : node.attribute())
                if (attribute.name() == "value" && holdsFloats(attribute.t()))
                    if (auto added = add(attribute.t(), node.output(0)); !added)
                        return added;
        }
        return {};
    }

    static bool holdsFloats(const onnx::TensorProto& tensor)
    {
        using onnx::TensorProto;
        const auto type = tensor.data_type();
        return type == TensorProto::FLOAT || type == TensorProto::DOUBLE || type == TensorProto::FLOAT16
            || type == TensorProto::BFLOAT16;
    }

    Result<void> add(const onnx::TensorProto& proto, const std::string& name)
    {
        if (m_stored.size() == kMostTensors)
            return fail(Errc::BadFormat, fmt::format("{} has over {} tensors", path().string(), kMostTensors));
        if (!m_names.insert(name).second)
            return fail(Errc::BadFormat, tensorOf(path(), name) + " is there twice");
        auto tensor = openOnnxTensor(proto, name, path());
        if (!tensor)
            return forward(tensor);
        m_tensors.push_back(tensor->info);
        m_stored.push_back(std::move(*tensor));
        return {};
    }

    onnx::ModelProto m_model;
    std::vector<OnnxTensor> m_stored; ///< per tensor
    std::unordered_set<std::string> m_names;
};

/// Reads protobuf's integers of seven bits a byte off the front of `bytes`; false at its end.
bool takeVarint(std::string_view& bytes, std::uint64_t& value)
{
    value = 0;
    for (unsigned shift = 0; shift < 64 && !bytes.empty(); shift += 7) {
        const auto byte = static_cast<unsigned char>(bytes.front());
        bytes.remove_prefix(1);
        value |= std::uint64_t {byte & 0x7fU} << shift;
        if (byte < 0x80)
            return true;
    }
    return false;
}

} // namespace

OpenedFile openOnnx(const std::shared_ptr<const MappedFile>& file)
{
    try {
        const auto opened = std::make_shared<OnnxFile>(file->path());
        if (auto done = opened->open(*file); !done)
            return forward(done);
        return opened;
    } catch (const std::bad_alloc&) {
        return fail(Errc::Io, fmt::format("not enough memory for {}", file->path().string()));
    } catch (const std::exception& error) {
        return fail(Errc::BadFormat, file->path().string() + " is a damaged ONNX model", printable(error.what(), 200));
    }
}

bool looksLikeOnnx(std::string_view head)
{
    // Fields of ModelProto: ir_version and model_version are numbers, the others texts or messages.
    enum Wire { Number = 0, Bytes = 2 };
    constexpr std::uint64_t kNewestVersion = 100;
    bool hasVersion = false;
    for (std::uint64_t tag = 0; !head.empty();) {
        std::uint64_t value = 0;
        if (!takeVarint(head, tag) || !takeVarint(head, value))
            return hasVersion;
        const std::uint64_t field = tag >> 3U;
        const bool isNumber = field == 1 || field == 5;
        const bool isKnown = (field >= 1 && field <= 8) || field == 14 || field == 20 || field == 25;
        if (!isKnown || (tag & 7U) != (isNumber ? Number : Bytes)
            || (field == 1 && (value == 0 || value > kNewestVersion)))
            return false;
        hasVersion = hasVersion || field == 1;
        if (!isNumber)
            head.remove_prefix(std::min<std::uint64_t>(value, head.size()));
    }
    return hasVersion;
}

} // namespace rnnscope::weights
