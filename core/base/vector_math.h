#pragma once

#include <cstddef>

namespace rnnscope {

/// Arithmetic on vectors of `Width` floats. Each width is compiled with flags of its own; everything is a member of
/// the template, and nothing from the standard library is used, so that no function for a newer processor can take the
/// place of one of the same name elsewhere in the program.
template <int Width>
struct VectorMath
{
    using Vec [[gnu::vector_size(Width * sizeof(float))]] = float;
    using Int [[gnu::vector_size(Width * sizeof(int))]] = int;
    using Bits [[gnu::vector_size(Width * sizeof(int))]] = unsigned int;
    struct [[gnu::packed, gnu::may_alias]] Unaligned { Vec value; };

    [[gnu::always_inline]] static inline Vec load(const float* from)
    {
        return reinterpret_cast<const Unaligned*>(from)->value;
    }
    [[gnu::always_inline]] static inline void store(float* to, Vec value)
    {
        reinterpret_cast<Unaligned*>(to)->value = value;
    }
    [[gnu::always_inline]] static inline Vec all(float value) { return value - Vec {}; }

    /// The first `count` entries; the others are 0.
    [[gnu::always_inline]] static inline Vec load(const float* from, std::ptrdiff_t count)
    {
        if (count >= Width)
            return load(from);
        float entries[Width] = {};
        for (std::ptrdiff_t i = 0; i < count; ++i)
            entries[i] = from[i];
        return load(entries);
    }

    [[gnu::always_inline]] static inline void store(float* to, Vec value, std::ptrdiff_t count)
    {
        if (count >= Width)
            return store(to, value);
        float entries[Width];
        store(entries, value);
        for (std::ptrdiff_t i = 0; i < count; ++i)
            to[i] = entries[i];
    }

    /// e^x = 2^n e^r with |r| <= ln 2 / 2; Cephes' polynomial. Limited to [2^-126, 2^127].
    [[gnu::always_inline]] static inline Vec exponential(Vec x)
    {
        x = x < -87.33F ? all(-87.33F) : x; // comparisons with NaN are false: it passes
        x = x > 88.02F ? all(88.02F) : x;
        constexpr float kRound = 12582912.0F; // 1.5 * 2^23: adding it leaves the integer in the lowest bits
        const Vec shifted = x * 1.44269504F + kRound;
        const Vec n = shifted - kRound;
        const Vec r = (x - n * 0.693359375F) + n * 2.12194440e-4F;
        Vec p = all(1.9875691500e-4F);
        p = p * r + 1.3981999507e-3F;
        p = p * r + 8.3334519073e-3F;
        p = p * r + 4.1665795894e-2F;
        p = p * r + 1.6666665459e-1F;
        p = p * r + 5.0000001201e-1F;
        p = p * (r * r) + r + 1.0F;
        const Int exponent = ((reinterpret_cast<Int>(shifted) - 0x4b400000) + 127) << 23;
        return p * reinterpret_cast<Vec>(exponent); // not by adding to the exponent, which would lose NaN
    }

    /// Of positive normal numbers: m 2^e with m in [sqrt(1/2), sqrt(2)); Cephes' polynomial.
    [[gnu::always_inline]] static inline Vec logarithm(Vec x)
    {
        constexpr int kRootOfHalf = 0x3f3504f3;
        constexpr int kMantissa = 23;
        const Int bits = reinterpret_cast<Int>(x);
        const Int exponent = (bits - kRootOfHalf) >> kMantissa;
        const Vec t = reinterpret_cast<Vec>(bits - (exponent << kMantissa)) - 1.0F;
        const Vec e = reinterpret_cast<Vec>(exponent + 0x4b400000) - 12582912.0F; // see exponential()
        Vec p = all(7.0376836292e-2F);
        p = p * t - 1.1514610310e-1F;
        p = p * t + 1.1676998740e-1F;
        p = p * t - 1.2420140846e-1F;
        p = p * t + 1.4249322787e-1F;
        p = p * t - 1.6668057665e-1F;
        p = p * t + 2.0000714765e-1F;
        p = p * t - 2.4999993993e-1F;
        p = p * t + 3.3333331174e-1F;
        const Vec z = t * t;
        return t + (p * t * z - e * 2.12194440e-4F - 0.5F * z) + e * 0.693359375F;
    }

    [[gnu::always_inline]] static inline Vec sigmoid(Vec x) { return 1.0F / (1.0F + exponential(-x)); }

    /// Cephes' odd polynomial near 0, where the exponential would cancel.
    [[gnu::always_inline]] static inline Vec tanh(Vec x)
    {
        const Vec size = x < 0.0F ? -x : x;
        const Vec e = exponential(-2.0F * size);
        const Vec far = (1.0F - e) / (1.0F + e);
        const Vec z = x * x;
        Vec p = all(-5.70498872745e-3F);
        p = p * z + 2.06390887954e-2F;
        p = p * z - 5.37397155531e-2F;
        p = p * z + 1.33314422036e-1F;
        p = p * z - 3.33332819422e-1F;
        return size < 0.625F ? p * z * x + x : x < 0.0F ? -far : far;
    }

    /// x P(x^2) / Q(x^2), fitted to the smallest relative error on [-8, 8], 6e-9; then 1 to about 2e-7: tanh in a third
    /// of the time, for cells.
    [[gnu::always_inline]] static inline Vec fastTanh(Vec x)
    {
        x = x < -8.0F ? all(-8.0F) : x; // comparisons with NaN are false: it passes
        x = x > 8.0F ? all(8.0F) : x;
        const Vec z = x * x;
        Vec p = z * 1.523053310e-8F + 2.189474306e-5F;
        p = p * z + 3.571602902e-3F;
        p = p * z + 1.344450208e-1F;
        p = p * z + 9.999999936e-1F;
        Vec q = z * 8.522493124e-7F + 3.411300023e-4F;
        q = q * z + 2.616446146e-2F;
        q = q * z + 4.677782940e-1F;
        q = q * z + 1.0F;
        return x * p / q;
    }

    /// The sigmoid to about 1e-7 of 1, which is what a gate needs.
    [[gnu::always_inline]] static inline Vec gate(Vec x) { return 0.5F + 0.5F * fastTanh(0.5F * x); }
};

} // namespace rnnscope
