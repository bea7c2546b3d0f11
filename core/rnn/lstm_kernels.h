#pragma once

#include <cstddef>
#include <vector>

namespace rnnscope::rnn {

/// C [rows, columns] = A [rows, k] B + init. Rows stand `ld…` floats apart.
struct Product
{
    const float* a = nullptr;
    std::ptrdiff_t lda = 0;
    std::ptrdiff_t rows = 0;
    const float* packed = nullptr; ///< B in panels, see PackedMatrix
    std::ptrdiff_t packedRows = 0; ///< rows of B, all of them
    std::ptrdiff_t firstRow = 0; ///< first row of B that takes part; it meets column 0 of A
    std::ptrdiff_t k = 0;
    std::ptrdiff_t columns = 0;
    const float* init = nullptr; ///< null: zero; a bias with ldInit 0; C itself to add to it
    std::ptrdiff_t ldInit = 0;
    float* c = nullptr;
    std::ptrdiff_t ldc = 0;
};

/// One step of an LSTM layer after its products. Blocks i, f, g, o stand `hidden` floats apart in a row of gates.
struct LstmForward
{
    std::ptrdiff_t rows = 0;
    std::ptrdiff_t hidden = 0;
    float* gates = nullptr; ///< before their non-linearity; replaced by what comes after it
    std::ptrdiff_t ldGates = 0;
    const float* previousCell = nullptr; ///< [rows, hidden] without gaps; null: zero
    float* cell = nullptr; ///< [rows, hidden] without gaps
    float* tanhCell = nullptr; ///< [rows, hidden] without gaps
    float* next = nullptr; ///< takes the hidden state; null: not wanted
    std::ptrdiff_t ldNext = 0;
    const float* residual = nullptr; ///< added to what goes to `out`; null: zero
    std::ptrdiff_t ldResidual = 0;
    float* out = nullptr; ///< takes hidden state + residual; null: not wanted
    std::ptrdiff_t ldOut = 0;
};

struct LstmBackward
{
    std::ptrdiff_t rows = 0;
    std::ptrdiff_t hidden = 0;
    float* gates = nullptr; ///< as LstmForward left them; replaced by the gradient before their non-linearity
    std::ptrdiff_t ldGates = 0;
    const float* previousCell = nullptr; ///< as in LstmForward
    const float* tanhCell = nullptr;
    const float* outGradient = nullptr; ///< null: zero
    std::ptrdiff_t ldOut = 0;
    const float* nextGradient = nullptr; ///< of the hidden state through the next step; null: zero
    std::ptrdiff_t ldNext = 0;
    float* cellGradient = nullptr; ///< [rows, hidden] without gaps: of this step's cell, replaced by the previous one's
};

/// The same arithmetic for one instruction set. Functions are pure; they need not agree in the last bit between sets.
/// NaN in gives NaN out.
struct LstmKernels
{
    const char* name = nullptr;
    std::ptrdiff_t panel = 0; ///< columns of a panel of PackedMatrix
    void (*multiply)(const Product&) = nullptr;
    void (*lstmForward)(const LstmForward&) = nullptr;
    void (*lstmBackward)(const LstmBackward&) = nullptr;
    void (*exponential)(float* values, std::ptrdiff_t count) = nullptr; ///< in place, to about 1e-7 relative
    void (*sigmoid)(float* values, std::ptrdiff_t count) = nullptr; ///< in place
    void (*tanh)(float* values, std::ptrdiff_t count) = nullptr; ///< in place
};

/// The fastest that this processor runs.
const LstmKernels& lstmKernels();
/// All that this processor runs, the fastest last.
std::vector<const LstmKernels*> allLstmKernels();

} // namespace rnnscope::rnn
