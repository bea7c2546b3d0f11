#pragma once

#include "ui/models/property_bins.h"
#include "ui/models/session.h"

#include <QWidget>

#include <memory>
#include <optional>
#include <vector>

class QPainter;
class QTextBrowser;

namespace rnnscope::ui {

class MarkObject;
struct Theme;

/// What is known and predicted of one network, or of several. Shows what it is given; NetworkPanel keeps it current.
class NetworkView : public QWidget
{
    Q_OBJECT
public:
    explicit NetworkView(QWidget* parent = nullptr);

    /// `embedded` may be null; `current` is shown when `ids` has one entry.
    void showNetworks(std::shared_ptr<const EmbeddedZoo> embedded, std::vector<std::size_t> ids,
                      std::optional<std::size_t> current);
    QString plainText() const; ///< what a reader sees
    void render(QPainter& painter, const QSize& size, bool light) const;
    QSize sizeHint() const override;

Q_SIGNALS:
    void activated(std::size_t row); ///< a neighbour was clicked

protected:
    void changeEvent(QEvent* event) override;

private:
    void refresh();
    QString html(const Theme& theme) const;

    QTextBrowser* m_text;
    MarkObject* m_marks; ///< the document's
    mutable PropertyBins m_bins; ///< filled as they are asked for
    std::shared_ptr<const EmbeddedZoo> m_embedded;
    std::vector<std::size_t> m_ids;
    std::optional<std::size_t> m_current;
};

} // namespace rnnscope::ui
