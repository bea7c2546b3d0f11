#pragma once

#include "core/rnn/vector_products.h"

namespace rnnscope::rnn {

/// Kernels with vectors of `Width` floats.
template <int Width>
struct VectorKernels : VectorProducts<Width>
{
    using Products = VectorProducts<Width>;
    using Vec = typename Products::Vec;
    using Products::fastTanh;
    using Products::gate;
    using Products::load;
    using Products::store;

    /// Columns j to j + Width of a row, or those `count` that are left of it.
    [[gnu::always_inline]] static inline void lstmForwardAt(const LstmForward& f, std::ptrdiff_t row, std::ptrdiff_t j,
                                                            std::ptrdiff_t count)
    {
        float* const gates = f.gates + row * f.ldGates + j;
        const std::ptrdiff_t at = row * f.hidden + j;
        const Vec in = gate(load(gates, count));
        const Vec candidate = fastTanh(load(gates + 2 * f.hidden, count));
        const Vec forget = gate(load(gates + f.hidden, count));
        const Vec output = gate(load(gates + 3 * f.hidden, count));
        const Vec before = f.previousCell != nullptr ? load(f.previousCell + at, count) : Vec {};
        const Vec cell = forget * before + in * candidate;
        const Vec squashed = fastTanh(cell);
        const Vec hidden = output * squashed;
        store(gates, in, count);
        store(gates + f.hidden, forget, count);
        store(gates + 2 * f.hidden, candidate, count);
        store(gates + 3 * f.hidden, output, count);
        store(f.cell + at, cell, count);
        store(f.tanhCell + at, squashed, count);
        if (f.next != nullptr)
            store(f.next + row * f.ldNext + j, hidden, count);
        if (f.out != nullptr)
            store(f.out + row * f.ldOut + j,
                  f.residual != nullptr ? hidden + load(f.residual + row * f.ldResidual + j, count) : hidden, count);
    }

    /// Columns j to j + Width of a row, or those `count` that are left of it.
    [[gnu::always_inline]] static inline void lstmBackwardAt(const LstmBackward& f, std::ptrdiff_t row,
                                                             std::ptrdiff_t j, std::ptrdiff_t count)
    {
        float* const gates = f.gates + row * f.ldGates + j;
        const std::ptrdiff_t at = row * f.hidden + j;
        const Vec in = load(gates, count);
        const Vec forget = load(gates + f.hidden, count);
        const Vec candidate = load(gates + 2 * f.hidden, count);
        const Vec output = load(gates + 3 * f.hidden, count);
        const Vec squashed = load(f.tanhCell + at, count);
        const Vec before = f.previousCell != nullptr ? load(f.previousCell + at, count) : Vec {};
        Vec hidden = f.outGradient != nullptr ? load(f.outGradient + row * f.ldOut + j, count) : Vec {};
        if (f.nextGradient != nullptr)
            hidden += load(f.nextGradient + row * f.ldNext + j, count);
        const Vec cell = load(f.cellGradient + at, count) + hidden * output * (1.0F - squashed * squashed);
        store(gates, cell * candidate * in * (1.0F - in), count);
        store(gates + f.hidden, cell * before * forget * (1.0F - forget), count);
        store(gates + 2 * f.hidden, cell * in * (1.0F - candidate * candidate), count);
        store(gates + 3 * f.hidden, hidden * squashed * output * (1.0F - output), count);
        store(f.cellGradient + at, cell * forget, count);
    }

    [[gnu::always_inline]] static inline void gruForwardAt(const GruForward& f, std::ptrdiff_t row, std::ptrdiff_t j,
                                                           std::ptrdiff_t count)
    {
        float* const gates = f.gates + row * f.ldGates + j;
        const float* const recurrent = f.recurrent + 3 * row * f.hidden + j;
        const std::ptrdiff_t at = row * f.hidden + j;
        const Vec reset = gate(load(gates, count) + load(recurrent, count));
        const Vec update = gate(load(gates + f.hidden, count) + load(recurrent + f.hidden, count));
        const Vec hiddenPart = load(recurrent + 2 * f.hidden, count);
        const Vec candidate = fastTanh(load(gates + 2 * f.hidden, count) + reset * hiddenPart);
        const Vec before = f.previous != nullptr ? load(f.previous + at, count) : Vec {};
        store(gates, reset, count);
        store(gates + f.hidden, update, count);
        store(gates + 2 * f.hidden, candidate, count);
        store(gates + 3 * f.hidden, hiddenPart, count);
        store(f.next + at, candidate + update * (before - candidate), count);
    }

    [[gnu::always_inline]] static inline void gruBackwardAt(const GruBackward& f, std::ptrdiff_t row, std::ptrdiff_t j,
                                                            std::ptrdiff_t count)
    {
        float* const gates = f.gates + row * f.ldGates + j;
        const std::ptrdiff_t at = row * f.hidden + j;
        const Vec reset = load(gates, count);
        const Vec update = load(gates + f.hidden, count);
        const Vec candidate = load(gates + 2 * f.hidden, count);
        const Vec hiddenPart = load(gates + 3 * f.hidden, count);
        const Vec before = f.previous != nullptr ? load(f.previous + at, count) : Vec {};
        const Vec out = load(f.outGradient + at, count);
        const Vec sum = out * (1.0F - update) * (1.0F - candidate * candidate);
        store(gates, sum * hiddenPart * reset * (1.0F - reset), count);
        store(gates + f.hidden, out * (before - candidate) * update * (1.0F - update), count);
        store(gates + 2 * f.hidden, sum, count);
        store(gates + 3 * f.hidden, sum * reset, count);
        store(f.previousGradient + at, out * update, count);
    }

    /// Calls At(f, row, j, count) for every vector of every row.
    template <typename Step, void (*At)(const Step&, std::ptrdiff_t, std::ptrdiff_t, std::ptrdiff_t)>
    static void eachRow(const Step& f)
    {
        const std::ptrdiff_t whole = f.hidden - f.hidden % Width;
        for (std::ptrdiff_t row = 0; row < f.rows; ++row) {
            for (std::ptrdiff_t j = 0; j < whole; j += Width)
                At(f, row, j, Width);
            if (whole < f.hidden)
                At(f, row, whole, f.hidden - whole);
        }
    }

    static void addAndRectify(float* values, std::ptrdiff_t rows, std::ptrdiff_t columns, const float* add)
    {
        for (std::ptrdiff_t row = 0; row < rows; ++row, values += columns)
            for (std::ptrdiff_t i = 0; i < columns; i += Width) {
                const std::ptrdiff_t count = columns - i;
                const Vec sum = load(values + i, count) + load(add + i, count);
                store(values + i, sum < 0.0F ? Vec {} : sum, count);
            }
    }

    static void adamW(const AdamWStep& f)
    {
        const float keep = 1.0F - f.decay;
        for (std::ptrdiff_t i = 0; i < f.count; ++i) {
            const float gradient = f.gradient[i];
            const float mean = f.mean[i] + (1.0F - f.beta1) * (gradient - f.mean[i]);
            const float square = f.beta2 * f.square[i] + (1.0F - f.beta2) * gradient * gradient;
            f.mean[i] = mean;
            f.square[i] = square;
            f.parameters[i] = f.parameters[i] * keep - f.rate * mean / (__builtin_sqrtf(square) * f.scale + f.epsilon);
        }
    }

    [[gnu::always_inline]] static inline float largestOf(const float* values, std::ptrdiff_t count)
    {
        float largest = values[0];
        std::ptrdiff_t i = 0;
        if (count >= Width) {
            Vec largests = load(values);
            for (i = Width; i + Width <= count; i += Width) {
                const Vec some = load(values + i);
                largests = some > largests ? some : largests;
            }
            for (int lane = 0; lane < Width; ++lane)
                largest = largests[lane] > largest ? largests[lane] : largest;
        }
        for (; i < count; ++i)
            largest = values[i] > largest ? values[i] : largest;
        return largest;
    }

    static void softmaxRows(float* values, std::ptrdiff_t ld, std::ptrdiff_t rows, std::ptrdiff_t columns)
    {
        for (std::ptrdiff_t row = 0; row < rows; ++row, values += ld) {
            const float largest = largestOf(values, columns);
            Vec sums {};
            std::ptrdiff_t i = 0;
            for (; i + Width <= columns; i += Width) {
                const Vec e = Products::exponential(load(values + i) - largest);
                sums += e;
                store(values + i, e);
            }
            float sum = 0.0F;
            for (int lane = 0; lane < Width; ++lane)
                sum += sums[lane];
            if (i < columns) {
                store(values + i, Products::exponential(load(values + i, columns - i) - largest), columns - i);
                for (; i < columns; ++i)
                    sum += values[i];
            }
            const float scale = 1.0F / sum;
            for (i = 0; i < columns; ++i)
                values[i] *= scale;
        }
    }

    /// A hash of each place with two rounds of multiplication (Wellons 2018). Its upper half is compared, as an integer
    /// with a sign: there is no other comparison of vectors.
    static void dropout(const Dropout& f)
    {
        using Bits = typename Products::Bits;
        using Int = typename Products::Int;
        constexpr unsigned int kGolden = 0x9e3779b9U;
        Bits place;
        for (int lane = 0; lane < Width; ++lane)
            place[lane] = f.seed + kGolden * static_cast<unsigned int>(lane);
        const Int dropped = static_cast<int>(f.dropped >> 1U) - Int {};
        const std::ptrdiff_t count = f.count;
        for (std::ptrdiff_t i = 0; i < count; i += Width, place += kGolden * Width) {
            Bits x = place;
            x = (x ^ (x >> 16U)) * 0x7feb352dU;
            x = (x ^ (x >> 15U)) * 0x846ca68bU;
            x = (x ^ (x >> 16U)) >> 1U;
            const Vec value = load(f.values + i, count - i) * f.scale;
            store(f.values + i, reinterpret_cast<Int>(x) < dropped ? Vec {} : value, count - i);
        }
    }

    template <Vec (*Function)(Vec)>
    static void each(float* values, std::ptrdiff_t count)
    {
        const std::ptrdiff_t whole = count - count % Width;
        for (std::ptrdiff_t i = 0; i < whole; i += Width)
            store(values + i, Function(load(values + i)));
        if (whole < count)
            store(values + whole, Function(load(values + whole, count - whole)), count - whole);
    }

    /// A constant, so that making it executes nothing that the processor may not know.
    static constexpr Kernels table(const char* name)
    {
        return {name,
                Products::kPanel,
                &Products::multiply,
                &eachRow<LstmForward, lstmForwardAt>,
                &eachRow<LstmBackward, lstmBackwardAt>,
                &eachRow<GruForward, gruForwardAt>,
                &eachRow<GruBackward, gruBackwardAt>,
                &Products::multiplyTransposed,
                &Products::addRows,
                &addAndRectify,
                &adamW,
                &softmaxRows,
                &dropout,
                &each<Products::exponential>,
                &each<Products::sigmoid>,
                &each<Products::tanh>};
    }
};

} // namespace rnnscope::rnn
