#pragma once

#include "core/engine/engine.h"

#include <functional>
#include <memory>
#include <utility>

namespace rnnscope::ui {

/// The emulator of the checkpoint asked for last, made when it is first wanted. For the jobs of one runner.
class Emulators
{
public:
    explicit Emulators(std::function<Result<engine::Engine*>()> engine)
        : m_engine(std::move(engine))
    {
    }

    Result<engine::Emulator*> of(const std::shared_ptr<const zoo::Checkpoint>& checkpoint)
    {
        if (m_emulator && m_checkpoint == checkpoint)
            return m_emulator.get();
        const auto engine = m_engine();
        if (!engine)
            return forward(engine);
        auto made = (*engine)->makeEmulator(*checkpoint, {});
        if (!made)
            return forward(made);
        m_checkpoint = checkpoint;
        m_emulator = std::move(*made);
        return m_emulator.get();
    }

private:
    std::function<Result<engine::Engine*>()> m_engine;
    std::shared_ptr<const zoo::Checkpoint> m_checkpoint;
    std::unique_ptr<engine::Emulator> m_emulator;
};

} // namespace rnnscope::ui
