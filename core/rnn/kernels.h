#pragma once

#include <cstddef>
#include <cstdint>
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

/// One step of a GRU layer after its products. Blocks r, z, n, and one more, stand `hidden` floats apart in a row of
/// gates.
struct GruForward
{
    std::ptrdiff_t rows = 0;
    std::ptrdiff_t hidden = 0;
    float* gates = nullptr; ///< r, z, n: what the inputs make of them; replaced by the gates. 4th: the hidden part of n
    std::ptrdiff_t ldGates = 0;
    const float* recurrent = nullptr; ///< [rows, 3 hidden]: what the hidden state makes of r, z, n
    const float* previous = nullptr; ///< hidden state, [rows, hidden] without gaps; null: zero
    float* next = nullptr; ///< [rows, hidden] without gaps
};

struct GruBackward
{
    std::ptrdiff_t rows = 0;
    std::ptrdiff_t hidden = 0;
    float* gates = nullptr; ///< as GruForward left them; replaced by the gradients of the sums, the hidden n's last
    std::ptrdiff_t ldGates = 0;
    const float* previous = nullptr; ///< as in GruForward
    const float* outGradient = nullptr; ///< [rows, hidden] without gaps
    float* previousGradient = nullptr; ///< [rows, hidden] without gaps: the part that passes no product
};

/// C [rows, columns] = A^T B, A [k, rows], B [k, columns], as gradients of weights are. Rows stand `ld…` floats apart.
struct TransposedProduct
{
    const float* a = nullptr;
    std::ptrdiff_t lda = 0;
    std::ptrdiff_t rows = 0;
    const float* b = nullptr;
    std::ptrdiff_t ldb = 0;
    std::ptrdiff_t columns = 0;
    std::ptrdiff_t k = 0;
    float* c = nullptr;
    std::ptrdiff_t ldc = 0;
    bool add = false; ///< to what C holds
};

/// Zeroes each entry of `values` with a probability and scales the others, by numbers that depend on seed and place
/// only: the same call gives the same zeros again.
struct Dropout
{
    float* values = nullptr;
    std::ptrdiff_t count = 0;
    std::uint32_t seed = 0;
    std::uint32_t dropped = 0; ///< the probability times 2^32
    float scale = 1.0F;
};

/// p -= decay p, then p -= rate m / (sqrt(v) + epsilon) of the moving means m and v, with their corrections in `rate`
/// and `scale` as PyTorch has them.
struct AdamWStep
{
    std::ptrdiff_t count = 0;
    float* parameters = nullptr;
    const float* gradient = nullptr;
    float* mean = nullptr;
    float* square = nullptr;
    float beta1 = 0.0F;
    float beta2 = 0.0F;
    float decay = 0.0F; ///< learning rate times weight decay
    float rate = 0.0F; ///< learning rate / (1 - beta1^t)
    float scale = 0.0F; ///< 1 / sqrt(1 - beta2^t)
    float epsilon = 0.0F;
};

/// The same arithmetic for one instruction set. Functions are pure; they need not agree in the last bit between sets.
/// NaN in gives NaN out.
struct Kernels
{
    const char* name = nullptr;
    std::ptrdiff_t panel = 0; ///< columns of a panel of PackedMatrix
    void (*multiply)(const Product&) = nullptr;
    void (*lstmForward)(const LstmForward&) = nullptr;
    void (*lstmBackward)(const LstmBackward&) = nullptr;
    void (*gruForward)(const GruForward&) = nullptr;
    void (*gruBackward)(const GruBackward&) = nullptr;
    void (*multiplyTransposed)(const TransposedProduct&) = nullptr;
    void (*addRows)(const float* from, std::ptrdiff_t ld, std::ptrdiff_t rows, std::ptrdiff_t columns, float* sums)
        = nullptr; ///< sums [columns] += each row
    void (*addAndRectify)(float* values, std::ptrdiff_t rows, std::ptrdiff_t columns, const float* add)
        = nullptr; ///< values [rows, columns] without gaps: max(each row + add, 0)
    void (*adamW)(const AdamWStep&) = nullptr;
    void (*softmaxRows)(float* values, std::ptrdiff_t ld, std::ptrdiff_t rows, std::ptrdiff_t columns)
        = nullptr; ///< in place
    void (*dropout)(const Dropout&) = nullptr;
    void (*exponential)(float* values, std::ptrdiff_t count) = nullptr; ///< in place, to about 1e-7 relative
    void (*sigmoid)(float* values, std::ptrdiff_t count) = nullptr; ///< in place
    void (*tanh)(float* values, std::ptrdiff_t count) = nullptr; ///< in place
};

/// The fastest that this processor runs.
const Kernels& bestKernels();
/// All that this processor runs, the fastest last.
std::vector<const Kernels*> allKernels();

} // namespace rnnscope::rnn
