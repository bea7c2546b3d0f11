#include "ui/plots/zoo_marks.h"

#include <QPolygonF>

#include <array>
#include <cmath>
#include <numbers>

namespace rnnscope::ui {

namespace {

QPolygonF starPolygon(double r)
{
    constexpr int kCorners = 10;
    constexpr double kInner = 0.45;
    QPolygonF star;
    for (int i = 0; i <= kCorners; ++i) {
        const double angle = std::numbers::pi * (2.0 * i / kCorners - 0.5);
        const double radius = i % 2 == 0 ? r : kInner * r;
        star << QPointF(radius * std::cos(angle), radius * std::sin(angle));
    }
    return star;
}

QPolygonF plusPolygon(double r)
{
    constexpr double kArm = 1.15;
    constexpr double kHalf = 0.42;
    QPolygonF plus;
    for (int turn = 0; turn < 4; ++turn)
        for (const QPointF& corner : {QPointF(-kHalf, -kArm), QPointF(kHalf, -kArm), QPointF(kHalf, -kHalf)}) {
            QPointF at = corner * r;
            for (int quarter = 0; quarter < turn; ++quarter)
                at = QPointF(-at.y(), at.x());
            plus << at;
        }
    plus << plus.front();
    return plus;
}

} // namespace

QColor zooColour(std::size_t number)
{
    static constexpr std::array<QRgb, 7> kOkabeIto {0xFF0072B2, 0xFFE69F00, 0xFF009E73, 0xFFCC79A7,
                                                    0xFF56B4E9, 0xFFD55E00, 0xFFF0E442};
    return QColor::fromRgb(kOkabeIto[number % kOkabeIto.size()]);
}

std::uint8_t zooShape(std::size_t number)
{
    static constexpr std::array<std::uint8_t, kZooShapes> kOrder {0, 1, 3, 2};
    return kOrder[number % kOrder.size()];
}

QColor droppedColour()
{
    return QColor::fromRgb(0xFFD55E00);
}

std::uint8_t categoryShape(std::size_t category)
{
    static constexpr std::array<std::uint8_t, kShapeCategories> kOrder {0, 1, 3, 2, 6, 5};
    return kOrder[category % kOrder.size()];
}

QPainterPath pointShape(int shape, double diameter)
{
    QPainterPath path;
    const double r = diameter / 2;
    if (shape == 1)
        path.addRect(QRectF(-0.89 * r, -0.89 * r, 1.78 * r, 1.78 * r));
    else if (shape == 2)
        path.addPolygon(QPolygonF({{0, -1.3 * r}, {1.3 * r, 0}, {0, 1.3 * r}, {-1.3 * r, 0}, {0, -1.3 * r}}));
    else if (shape == 3)
        path.addPolygon(QPolygonF({{0, -1.3 * r}, {1.2 * r, 0.85 * r}, {-1.2 * r, 0.85 * r}, {0, -1.3 * r}}));
    else if (shape == 5)
        path.addPolygon(QPolygonF({{0, 1.3 * r}, {1.2 * r, -0.85 * r}, {-1.2 * r, -0.85 * r}, {0, 1.3 * r}}));
    else if (shape == 6)
        path.addPolygon(plusPolygon(r));
    else if (shape == kStarShape)
        path.addPolygon(starPolygon(r));
    else
        path.addEllipse(QPointF(), r, r);
    return path;
}

} // namespace rnnscope::ui
