#include "core/zoo/zoo.h"

#include <algorithm>

// Stands in until core/zoo defines it, then has no effect and can go.
namespace rnnscope::zoo {

[[gnu::weak]] const Property* Zoo::property(std::string_view propertyName) const
{
    const auto found = std::find_if(properties.begin(), properties.end(),
                                    [&](const Property& property) { return property.name == propertyName; });
    return found == properties.end() ? nullptr : &*found;
}

} // namespace rnnscope::zoo
