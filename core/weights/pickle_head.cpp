#include "core/weights/pickle.h"
#include "core/weights/readers.h"

#include <algorithm>

namespace rnnscope::weights {

namespace {

/// Protocols 0 and 1 begin with any of these; texts and other files do so, too.
constexpr std::string_view kFirstOpcodes = "(c]})ILFSVNKJMGUTXP";
constexpr std::size_t kEnough = 3; ///< instructions that no other file has by chance

/// A safetensors file whose header has 640 bytes begins like a pickle of protocol 2.
bool hasSafetensorsLength(std::string_view head)
{
    return head.size() > 8 && head.substr(4, 4) == std::string_view("\0\0\0\0", 4) && head[8] == '{';
}

} // namespace

bool looksLikePickle(std::string_view head)
{
    if (head.empty() || hasSafetensorsLength(head))
        return false;
    if (head[0] == '\x80')
        return head.size() >= 2 && head[1] <= 5;
    if (kFirstOpcodes.find(head[0]) == std::string_view::npos)
        return false;
    const Pickle pickle = parsePickle(head);
    const bool calls = std::any_of(pickle.values.begin(), pickle.values.end(),
                                   [](const PickleValue& value) { return value.kind == PickleKind::Call; });
    return pickle.fault.empty() || calls || (pickle.cutShort && pickle.operations >= kEnough);
}

} // namespace rnnscope::weights
