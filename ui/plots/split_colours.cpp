#include "ui/plots/split_colours.h"

#include "ui/plots/colour_maps.h"

namespace rnnscope::ui {

std::size_t splitCategory(zoo::Split split)
{
    switch (split) {
    case zoo::Split::Training:
        return 0;
    case zoo::Split::Validation:
        return 1;
    case zoo::Split::Ood:
        return 2;
    case zoo::Split::Calibration:
    case zoo::Split::Unknown:
        break;
    }
    return 3;
}

QColor splitColour(zoo::Split split, const Theme& theme)
{
    return split == zoo::Split::Unknown ? QColor(missingColour())
                                        : QColor(categoryColour(splitCategory(split), theme.dark));
}

QString splitName(zoo::Split split)
{
    switch (split) {
    case zoo::Split::Training:
        return QStringLiteral("training");
    case zoo::Split::Validation:
        return QStringLiteral("validation");
    case zoo::Split::Calibration:
        return QStringLiteral("calibration");
    case zoo::Split::Ood:
        return QStringLiteral("out of distribution");
    case zoo::Split::Unknown:
        break;
    }
    return QStringLiteral("unknown split");
}

QString shortSplitName(zoo::Split split)
{
    return split == zoo::Split::Ood ? QStringLiteral("OOD") : splitName(split);
}

} // namespace rnnscope::ui
