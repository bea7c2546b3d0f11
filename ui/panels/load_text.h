#pragma once

#include "core/weights/load.h"

#include <QString>

namespace rnnscope::ui {

/// "Loaded from net.pt"
QString loadTitle(const weights::LoadReport& report);
/// "PyTorch file; LSTM 2×32, 6 in, 6 out: 'lstm' read by 'linear'; float32; 10 tensors used, 12 ignored"
QString loadSummary(const weights::LoadReport& report);
/// "3 weights are NaN or infinite: no encoder can embed this network"; empty when all are finite.
QString loadWarning(const weights::LoadReport& report);
/// Notes, used and ignored tensors, a line each, long lists cut.
QString loadDetails(const weights::LoadReport& report);
/// All but the tensors' names in few lines.
QString loadBrief(const weights::LoadReport& report);

} // namespace rnnscope::ui
