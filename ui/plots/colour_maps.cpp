#include "ui/plots/colour_maps.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

namespace rnnscope::ui {

namespace {

// Samples at even distances; in between, colours are interpolated in Oklab.
constexpr std::array<QRgb, 9> kViridis {0x440154, 0x472d7b, 0x3b528b, 0x2c728e, 0x21918c,
                                        0x28ae80, 0x5ec962, 0xaddc30, 0xfde725};
constexpr std::array<QRgb, 10> kCividis {0x00204d, 0x00336f, 0x39486b, 0x575c6d, 0x707173,
                                         0x8a8779, 0xa69d75, 0xc4b56c, 0xe4cf5b, 0xffea46};
constexpr std::array<QRgb, 9> kMagma {0x000004, 0x1c1044, 0x4f127b, 0x812581, 0xb5367a,
                                      0xe55964, 0xfb8761, 0xfec287, 0xfcfdbf};
constexpr std::array<QRgb, 11> kDiverging {0x053061, 0x2166ac, 0x4393c3, 0x92c5de, 0xd1e5f0, 0xf7f7f7,
                                           0xfddbc7, 0xf4a582, 0xd6604d, 0xb2182b, 0x67001f};
constexpr std::array<QRgb, 10> kTwilight {0xe2d9e2, 0x9ebbc9, 0x6785be, 0x5e43a5, 0x421257,
                                          0x471340, 0x8e2c50, 0xba6657, 0xceac94, 0xe2d9e2};
constexpr std::array<QRgb, kCategoryColours> kOkabeIto {0x0072b2, 0xe69f00, 0x009e73, 0xd55e00,
                                                        0xcc79a7, 0x56b4e9, 0xf0e442, 0x000000};

using Triple = std::array<double, 3>;
constexpr int kEntries = 256;
using Table = std::array<QRgb, kEntries>;

double linear(int channel)
{
    const double v = channel / 255.0;
    return v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
}

int gamma(double v)
{
    v = std::clamp(v, 0.0, 1.0);
    return static_cast<int>(std::lround(255.0 * (v <= 0.0031308 ? 12.92 * v : 1.055 * std::pow(v, 1 / 2.4) - 0.055)));
}

// Oklab: Björn Ottosson 2020.
Triple toOklab(QRgb c)
{
    const double r = linear(qRed(c));
    const double g = linear(qGreen(c));
    const double b = linear(qBlue(c));
    const double l = std::cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
    const double m = std::cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
    const double s = std::cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
    return {0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s,
            1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s,
            0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s};
}

QRgb fromOklab(const Triple& lab)
{
    const double l = std::pow(lab[0] + 0.3963377774 * lab[1] + 0.2158037573 * lab[2], 3);
    const double m = std::pow(lab[0] - 0.1055613458 * lab[1] - 0.0638541728 * lab[2], 3);
    const double s = std::pow(lab[0] - 0.0894841775 * lab[1] - 1.2914855480 * lab[2], 3);
    return qRgb(gamma(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
                gamma(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
                gamma(-0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s));
}

Table makeTable(std::span<const QRgb> samples)
{
    Table table {};
    for (int i = 0; i < kEntries; ++i) {
        const double at = static_cast<double>(i) / (kEntries - 1) * static_cast<double>(samples.size() - 1);
        const auto left = std::min(static_cast<std::size_t>(at), samples.size() - 2);
        const double share = at - static_cast<double>(left);
        const Triple a = toOklab(samples[left]);
        const Triple b = toOklab(samples[left + 1]);
        Triple mixed {};
        for (std::size_t k = 0; k < mixed.size(); ++k)
            mixed.at(k) = a.at(k) + share * (b.at(k) - a.at(k));
        table.at(static_cast<std::size_t>(i)) = fromOklab(mixed);
    }
    return table;
}

const Table& tableOf(ColourMap map)
{
    static const std::array<Table, 5> kTables {makeTable(kViridis), makeTable(kCividis), makeTable(kMagma),
                                               makeTable(kDiverging), makeTable(kTwilight)};
    return kTables.at(static_cast<std::size_t>(map));
}

} // namespace

QRgb colourAt(ColourMap map, double t)
{
    if (!std::isfinite(t))
        return missingColour();
    if (map == ColourMap::Twilight)
        t -= std::floor(t);
    const double index = std::clamp(t, 0.0, 1.0) * (kEntries - 1);
    return tableOf(map).at(static_cast<std::size_t>(std::lround(index)));
}

QRgb missingColour()
{
    return qRgb(0x9a, 0xa1, 0xa8);
}

QRgb categoryColour(std::size_t index, bool dark)
{
    const QRgb colour = kOkabeIto.at(index % kCategoryColours) | 0xff000000U;
    return dark && (colour & 0xffffffU) == 0 ? qRgb(0xff, 0xff, 0xff) : colour;
}

double luminance(QRgb colour)
{
    return 0.2126 * linear(qRed(colour)) + 0.7152 * linear(qGreen(colour)) + 0.0722 * linear(qBlue(colour));
}

} // namespace rnnscope::ui
