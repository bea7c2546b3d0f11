#pragma once

#include "core/weights/encoder_state.h"

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

/// What the shapes of the authors' encoders tell of their configuration. Private to encoder_state.cpp.
namespace rnnscope::weights {

/// Tensors of a state_dict by name. Lookups that fail throw Error; encoderFacts() catches it.
class TensorShapes
{
public:
    using Shape = std::vector<std::size_t>;

    TensorShapes(std::string file, std::map<std::string, Shape> shapes);

    bool has(const std::string& name) const { return m_shapes.contains(name); }
    const std::map<std::string, Shape>& all() const { return m_shapes; }
    /// Size of one dimension as an int from 1 to 16 384; ShapeMismatch unless the tensor has so many dimensions.
    int size(const std::string& name, std::size_t dimensions, std::size_t which) const;
    /// How many of "<before>0<after>", "<before>1<after>", … there are.
    int count(const std::string& before, const std::string& after) const;
    [[noreturn]] void raise(Errc code, const std::string& what) const; ///< "file: what"

private:
    std::string m_file;
    std::map<std::string, Shape> m_shapes;
};

struct EncoderFacts
{
    std::vector<zoo::EncoderKind> kinds; ///< which it can be, the likely one first
    nlohmann::json config = nlohmann::json::object(); ///< what is certain; "rnn" may be incomplete
    nlohmann::json defaults = nlohmann::json::object(); ///< what is taken unless the user says otherwise
    std::vector<EncoderQuestion> questions; ///< keys that `config` lacks
    std::vector<std::string> notes;
};

/// Which of the six encoders has such tensors: the tensor only it has.
std::optional<zoo::EncoderKind> encoderKindOf(const std::map<std::string, std::vector<std::size_t>>& shapes);

Result<EncoderFacts> encoderFacts(zoo::EncoderKind kind, const TensorShapes& shapes);

} // namespace rnnscope::weights
