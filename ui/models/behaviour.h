#pragma once

#include "core/engine/engine.h"
#include "core/tasks/formal_language.h"
#include "core/tasks/language_accuracy.h"
#include "ui/models/embedded_zoo.h"

#include <QString>

#include <cstddef>
#include <optional>
#include <span>
#include <stop_token>
#include <vector>

namespace rnnscope::ui {

/// A string that a network or its emulator has written, judged by the task.
struct WrittenString
{
    enum class Verdict { Right, Disordered, Wrong, Endless };
    QString text; ///< "aabbc⊣"
    std::size_t times = 0; ///< by the network
    std::size_t emulated = 0; ///< by the emulator
    Verdict verdict = Verdict::Wrong; ///< Disordered: right numbers of letters in another order
    std::optional<int> n {}; ///< of right and disordered ones
};

struct Tally
{
    std::size_t strings = 0;
    std::size_t right = 0; ///< strings with the right numbers of letters, in whatever order, as the authors judge
    std::size_t disordered = 0; ///< of them
    std::size_t endless = 0; ///< without an end after 42 tokens
};

/// What a network of formal languages writes when it is let, and what the emulator writes that knows its embedding.
struct Behaviour
{
    std::vector<int> task; ///< the differences it is judged by
    bool predicted = false; ///< nobody has recorded the task; this is what the encoder thinks
    std::optional<Tally> network; ///< none: there is no network, only an embedding
    std::optional<Tally> emulator; ///< none: not asked, or there is none
    std::vector<WrittenString> written; ///< each once, most frequent first
};

/// Lets network `row` of the map write `strings` strings of up to 42 tokens: the same ones each time. NotFound when its
/// task is neither recorded nor predicted, BadValue when it is no network of formal languages or has weights that are
/// not finite.
Result<Behaviour> behaviourOf(const EmbeddedZoo& shown, std::size_t row, std::size_t strings,
                              const std::stop_token& stop);

/// The same of a network that only `embedding` [D] tells of; the task is predicted by the checkpoint's head.
Result<Behaviour> behaviourAt(const zoo::Checkpoint& checkpoint, std::span<const float> embedding);

/// Adds as many strings of the emulator, drawn by the random numbers of network `row` of its zoo.
Result<void> addEmulated(Behaviour& behaviour, engine::Emulator& emulator, std::span<const float> embedding,
                         std::size_t row, std::size_t strings, const std::stop_token& stop);

} // namespace rnnscope::ui
