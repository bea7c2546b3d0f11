#pragma once

#include "ui/models/embedded_zoo.h"

#include <memory>
#include <vector>

namespace rnnscope::ui {

/// What several zoos are together, network after network in the order of the members: number and properties, NaN where
/// a zoo has not recorded one. Properties of one name are one where kind (integers are real numbers, too), period and
/// number of columns agree, with the labels of all; else the later one is called "name (zoo)". The task family is the
/// one all but the dropped files have, else `family`. No parameters, no roll-outs: they are read from the members.
std::shared_ptr<const zoo::Zoo> mergeZoos(const std::vector<Member>& members, zoo::TaskFamily family);

/// The members with their parts as one, on one map. `merged`: mergeZoos of them. One zoo that is not dropped is its
/// part.
std::shared_ptr<const EmbeddedZoo> mergeParts(std::vector<Member> members, std::shared_ptr<const zoo::Zoo> merged);

} // namespace rnnscope::ui
