#include "ui/plots/point_density.h"

namespace rnnscope::ui {

namespace {

using Four [[gnu::vector_size(16)]] = float;

/// Opacity of a pixel by how many points lie on and around it: of one, growing with the logarithm.
class Opacities
{
public:
    explicit Opacities(double opacity)
    {
        constexpr double kOne = 0.45;
        for (std::size_t i = 0; i < m_values.size(); ++i) {
            const double points = static_cast<double>(i) / kSteps;
            const double opaque = points < 1 ? kOne * points : kOne + (1 - kOne) * std::log2(points) / std::log2(kFull);
            m_values.at(i) = static_cast<float>(opacity * opaque);
        }
    }
    float operator()(float points) const
    {
        return m_values[static_cast<std::size_t>(std::min(points, static_cast<float>(kFull)) * kSteps)];
    }

private:
    static constexpr std::size_t kSteps = 8; // a point
    static constexpr std::size_t kFull = 64; // points
    std::array<float, kSteps * kFull + 1> m_values {};
};

} // namespace

void DensityRaster::draw(Canvas& canvas, const PointScene& scene, const MapTransform& transform, double ratio,
                         bool onlySelected, double opacity, ThreadTeam& team)
{
    const int width = canvas.size().width();
    const int height = canvas.size().height();
    const int radius = std::max(1, static_cast<int>(std::lround(ratio)));
    const auto stride = static_cast<std::size_t>(width + 2 * radius);
    const auto rows = static_cast<std::size_t>(height + 2 * radius);
    m_sums.assign(stride * rows, {});
    const auto sumAt = [this](std::size_t place) { return reinterpret_cast<Four*>(m_sums.data() + place); };

    const double scale = transform.scale * ratio;
    const double left = width / 2.0 + radius - transform.centre.x() * scale;
    const double top = height / 2.0 + radius + transform.centre.y() * scale;
    const std::size_t band = (rows + team.size() - 1) / team.size();
    team.parallelFor(rows, band, [&](std::size_t begin, std::size_t end) {
        const auto from = static_cast<double>(begin);
        const auto to = static_cast<double>(end);
        for (std::size_t i = 0; i < scene.positions.size(); ++i) {
            const double y = top - scene.positions[i].y() * scale;
            const double x = left + scene.positions[i].x() * scale;
            if (!(y >= from && y < to && x >= 0 && x < static_cast<double>(stride))) // NaN is nowhere
                continue;
            if ((onlySelected && scene.selected[i] == 0) || isStar(scene, i))
                continue;
            const QRgb colour = scene.colours[i];
            *sumAt(static_cast<std::size_t>(y) * stride + static_cast<std::size_t>(x))
                += Four {static_cast<float>(qBlue(colour)), static_cast<float>(qGreen(colour)),
                         static_cast<float>(qRed(colour)), 1.0F};
        }
    });

    const Opacities opacities(opacity);
    const auto tent
        = [radius](int k) { return 1.0F - static_cast<float>(std::abs(k)) / static_cast<float>(radius + 1); };
    constexpr std::size_t kGrain = 64;
    team.parallelFor(static_cast<std::size_t>(height), kGrain, [&](std::size_t begin, std::size_t end) {
        std::vector<Four> line(stride);
        for (std::size_t row = begin; row < end; ++row) {
            for (std::size_t x = 0; x < stride; ++x) {
                line[x] = *sumAt(row * stride + x) * tent(-radius);
                for (int k = -radius + 1; k <= radius; ++k)
                    line[x] += *sumAt((row + static_cast<std::size_t>(k + radius)) * stride + x) * tent(k);
            }
            std::uint32_t* pixels = canvas.pixel(0, static_cast<int>(row));
            for (int x = 0; x < width; ++x) {
                Four sum = line[static_cast<std::size_t>(x)] * tent(-radius);
                for (int k = -radius + 1; k <= radius; ++k)
                    sum += line[static_cast<std::size_t>(x + k + radius)] * tent(k);
                const float weight = sum[3];
                if (weight <= 0)
                    continue;
                const float opaque = opacities(weight);
                const float share = opaque / weight;
                const QRgb below = pixels[x];
                const auto over = [&](float channel, int under) {
                    return static_cast<int>(channel * share + static_cast<float>(under) * (1.0F - opaque) + 0.5F);
                };
                pixels[x] = qRgba(over(sum[2], qRed(below)), over(sum[1], qGreen(below)), over(sum[0], qBlue(below)),
                                  over(255.0F * weight, qAlpha(below)));
            }
        }
    });
}

} // namespace rnnscope::ui
