#pragma once

#include "core/base/result.h"
#include "core/engine/engine.h"
#include "ui/models/session.h"

#include <map>
#include <memory>
#include <string>

namespace rnnscope::ui {

/// What the compute thread keeps between jobs: the engine, an encoder per checkpoint, zoo fingerprints. Only jobs of
/// the compute runner touch it, so it needs no lock.
class ComputeState
{
public:
    explicit ComputeState(EngineLoader loader);

    Result<engine::Engine*> engine(); ///< loaded at the first call
    Result<engine::Encoder*> encoder(const std::shared_ptr<const zoo::Checkpoint>& checkpoint);
    Result<std::string> fingerprint(const std::shared_ptr<const zoo::Zoo>& zoo);
    void forget(const std::shared_ptr<const zoo::Zoo>& zoo);
    void forget(const std::shared_ptr<const zoo::Checkpoint>& checkpoint);

private:
    EngineLoader m_loader;
    std::shared_ptr<engine::Engine> m_engine;
    std::map<std::shared_ptr<const zoo::Checkpoint>, std::unique_ptr<engine::Encoder>> m_encoders;
    std::map<std::shared_ptr<const zoo::Zoo>, std::string> m_fingerprints;
};

} // namespace rnnscope::ui
