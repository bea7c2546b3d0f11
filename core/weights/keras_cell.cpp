#include "core/weights/keras_cell.h"

#include "core/base/printable.h"
#include "core/zoo/array_source.h"

namespace rnnscope::weights {

namespace {

constexpr std::size_t kLargest = std::size_t {1} << 30U;

bool isDefault(const std::string& activation, std::string_view usual)
{
    return activation.empty() || activation == usual;
}

/// Columns of the recurrent kernel for every unit.
std::size_t gatesOf(zoo::Cell cell)
{
    return cell == zoo::Cell::Lstm ? 4 : cell == zoo::Cell::Gru ? 3 : 1;
}

class CellReader
{
public:
    CellReader(const std::vector<TensorInfo>& tensors, const KerasUnit& unit)
        : m_tensors(tensors)
        , m_unit(unit)
    {
    }

    KerasCell read()
    {
        if (!takeShapes())
            return std::move(m_cell);
        takeKernels();
        if (m_cell.cell == zoo::Cell::Gru)
            takeGruBias();
        else
            takeBias();
        if (m_cell.unfit.empty())
            checkOptions();
        return std::move(m_cell);
    }

private:
    std::string named(std::size_t tensor) const
    {
        return fmt::format("{} has shape {}", printable(m_tensors[tensor].name),
                           zoo::describeShape(m_tensors[tensor].shape));
    }

    std::string kind() const { return m_unit.config == nullptr ? std::string() : m_unit.config->kind; }

    bool takeShapes()
    {
        const auto& kernel = m_tensors[m_unit.kernel].shape;
        const auto& recurrent = m_tensors[m_unit.recurrent].shape;
        const std::size_t hidden = recurrent[0];
        const std::size_t gates = hidden == 0 ? 0 : recurrent[1] / hidden;
        const std::string said = kind();
        if (said == "LSTM" || gates == 4)
            m_cell.cell = zoo::Cell::Lstm;
        else if (said == "GRU" || gates == 3)
            m_cell.cell = zoo::Cell::Gru;
        else
            m_cell.cell = zoo::Cell::RnnTanh;
        m_gates = gatesOf(m_cell.cell);
        m_cell.hidden = static_cast<int>(std::min(hidden, kLargest));
        m_cell.inputs = static_cast<int>(std::min(kernel[0], kLargest));
        if (hidden == 0 || hidden > kLargest || recurrent[1] != m_gates * hidden)
            m_cell.unfit = fmt::format("does not fit together: {}, expected one column of each gate for every row",
                                       named(m_unit.recurrent));
        else if (kernel[0] == 0 || kernel[0] > kLargest || kernel[1] != recurrent[1])
            m_cell.unfit
                = fmt::format("does not fit together: {}, expected {} columns", named(m_unit.kernel), recurrent[1]);
        return m_cell.unfit.empty();
    }

    void takeKernels()
    {
        if (m_cell.cell == zoo::Cell::Gru)
            m_order = {1, 0, 2}; // r, z, n where the file has z, r, h
        m_cell.layer.weightIh = {m_unit.kernel, 0, true, m_order};
        m_cell.layer.weightHh = {m_unit.recurrent, 0, true, m_order};
    }

    std::size_t width() const { return m_gates * static_cast<std::size_t>(m_cell.hidden); }

    void takeBias()
    {
        if (m_unit.bias == Part::kAbsent)
            return;
        const auto& shape = m_tensors[m_unit.bias].shape;
        m_cell.bias = true;
        m_cell.layer.biasIh = {m_unit.bias, 0, false, {}};
        if (shape == std::vector {2 * width()})
            m_cell.unfit = "was written by CuDNNLSTM, whose kernels are laid out in another way; load it into a LSTM "
                           "layer and save that";
        else if (shape != std::vector {width()})
            m_cell.unfit = fmt::format("does not fit together: {}, expected ({})", named(m_unit.bias), width());
    }

    void takeGruBias()
    {
        const bool said = m_unit.config != nullptr && m_unit.config->resetAfter.has_value();
        const bool after = said && m_unit.config->resetAfter.value_or(true);
        constexpr std::string_view kBefore
            = "resets its state before the hidden product (reset_after=False), PyTorch's GRU resets the product";
        if (m_unit.bias == Part::kAbsent) {
            if (!said)
                m_cell.unfit = "has no bias, so that nothing tells whether it resets its state before or after the "
                               "hidden product";
            else if (!after)
                m_cell.unfit = kBefore;
            return;
        }
        const auto& shape = m_tensors[m_unit.bias].shape;
        m_cell.bias = true;
        m_cell.layer.biasIh = {m_unit.bias, 0, false, m_order};
        m_cell.layer.biasHh = {m_unit.bias, width(), false, m_order};
        if (shape == std::vector {width()})
            m_cell.unfit = kBefore;
        else if (shape == std::vector {2 * width()})
            m_cell.unfit = "was written by CuDNNGRU, whose kernels are laid out in another way; load it into a GRU "
                           "layer and save that";
        else if (shape != std::vector {std::size_t {2}, width()})
            m_cell.unfit = fmt::format("does not fit together: {}, expected (2, {})", named(m_unit.bias), width());
        else if (said && !after)
            m_cell.unfit = kBefore;
    }

    void checkOptions()
    {
        if (m_cell.cell == zoo::Cell::RnnTanh)
            m_cell.tanhOrRelu = m_unit.config == nullptr;
        if (m_unit.config == nullptr)
            return;
        const KerasLayer& config = *m_unit.config;
        if (config.kind.starts_with("CuDNN")) {
            m_cell.unfit
                = fmt::format("is a {}, whose kernels are laid out in another way; load it into a layer of the "
                              "usual kind and save that",
                              printable(config.kind));
        } else if (config.backwards) {
            m_cell.unfit = "reads its input backwards (go_backwards), this program runs forwards only";
        } else if (m_cell.cell == zoo::Cell::RnnTanh) {
            takeNonlinearity(config.activation);
        } else if (!isDefault(config.activation, "tanh")) {
            m_cell.unfit
                = fmt::format("has the activation '{}', PyTorch's cells have tanh", printable(config.activation));
        } else if (!isDefault(config.recurrentActivation, "sigmoid")) {
            m_cell.unfit = fmt::format("has the recurrent activation '{}', PyTorch's cells have sigmoid",
                                       printable(config.recurrentActivation));
        }
    }

    void takeNonlinearity(const std::string& activation)
    {
        if (activation == "relu")
            m_cell.cell = zoo::Cell::RnnRelu;
        else if (!isDefault(activation, "tanh"))
            m_cell.unfit
                = fmt::format("has the activation '{}', PyTorch's RNN has tanh or relu", printable(activation));
    }

    const std::vector<TensorInfo>& m_tensors;
    const KerasUnit& m_unit;
    KerasCell m_cell;
    std::size_t m_gates = 1;
    std::vector<int> m_order;
};

} // namespace

KerasCell readKerasCell(const std::vector<TensorInfo>& tensors, const KerasUnit& unit)
{
    return CellReader(tensors, unit).read();
}

} // namespace rnnscope::weights
