#pragma once

#include <cstddef>

namespace rnnscope::rnn {

/// Units in one vector; weights and states are padded to multiples of it with zeros.
constexpr std::size_t kLanes = 8;

/// One layer of one network for Q sequences, as bare pointers: the kernels are compiled for other processors than the
/// rest, so they use no inline function that the linker could take from there.
struct LayerStep
{
    std::size_t inputs = 0; ///< I of this layer
    std::size_t units = 0; ///< H
    std::size_t stride = 0; ///< H rounded up to lanes; between sequences in hidden, cell, next
    std::size_t sequences = 0; ///< Q
    const float* inputWeight = nullptr; ///< [blocks, I, gates, lanes]
    const float* hiddenWeight = nullptr; ///< [blocks, H, gates, lanes]
    const float* bias = nullptr; ///< [blocks, rows, lanes]; rows: LSTM i f g o, GRU r z n(input) n(hidden), plain 1
    const float* x = nullptr; ///< [Q, xStride]; unused where there are tokens
    std::size_t xStride = 0;
    const int* tokens = nullptr; ///< [Q] one-hot inputs, or null
    const float* hidden = nullptr; ///< [Q, stride]
    float* cell = nullptr; ///< [Q, stride]; LSTM only
    float* next = nullptr; ///< [Q, stride]: the new hidden state; not `hidden`
};

/// The kernels of one instruction set.
struct StepKernels
{
    void (*lstm)(const LayerStep&);
    void (*gru)(const LayerStep&);
    void (*tanh)(const LayerStep&);
    void (*relu)(const LayerStep&);
    void (*linear)(const LayerStep&); ///< the read-out: reads x only
};

extern const StepKernels kPlainKernels;
extern const StepKernels kAvx2Kernels; ///< x86-64 only; needs CpuFeatures::avx2
extern const StepKernels kAvx512Kernels; ///< x86-64 only; needs CpuFeatures::avx512

/// The best for this processor.
const StepKernels& stepKernels();

} // namespace rnnscope::rnn
