#pragma once

#include "core/weights/tensor_file.h"

#include <map>
#include <vector>

namespace rnnscope::weights {

/// The linear layers of a file by the number of units they read.
class LinearLayers
{
public:
    /// `taken`: tensors of recurrent stacks, [tensors()].
    LinearLayers(const TensorFile& file, const std::vector<bool>& taken);

    /// Fills in `heads`, best first, and `headIsClear`. `width`: units of the last layer.
    void findHeads(RecurrentStack& stack, int width) const;

private:
    struct Candidate
    {
        LinearHead head;
        bool usualName = false;
        bool feedsAnother = false; ///< a layer of an MLP, not its last
    };
    struct Scored
    {
        const Candidate* candidate = nullptr;
        std::size_t shared = 0; ///< parts of the names in common
        bool ancestor = false; ///< its parent module holds the stack
    };

    static Scored score(const Candidate& candidate, const RecurrentStack& stack);
    static bool isClear(const std::vector<Scored>& sorted);

    std::map<std::size_t, std::vector<Candidate>> m_byWidth;
};

} // namespace rnnscope::weights
