#pragma once

#include "core/zoo/hdf5.h"
#include "core/zoo/hdf5_writer.h"
#include "core/zoo/property.h"

#include <span>

/// Properties as datasets: [N] or [N, K] with the attributes kind, unit, description, period (circular) and labels
/// (categorical: variable-length texts, of which the numbers are indices).
namespace rnnscope::zoo::hdf5 {

/// Every property in `group`; also accepts text datasets (categorical) and works out a missing kind from the type.
std::vector<Property> readProperties(const Node& group, std::size_t networks);

/// The given rows of `property`, all of them when `rows` is empty.
void writeProperty(const Writer& group, const Property& property, std::span<const std::size_t> rows);

} // namespace rnnscope::zoo::hdf5
