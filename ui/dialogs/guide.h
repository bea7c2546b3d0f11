#pragma once

#include <QDialog>
#include <QList>
#include <QString>

#include <vector>

class QAction;
class QLineEdit;
class QListWidget;
class QTextBrowser;

namespace rnnscope::ui {

struct GuidePage
{
    QString id; ///< "map"
    QString title;
    QString html; ///< without a head
};

/// The pages in order of reading, with the shortcuts of `actions` where the text names them as [[Action]], and at the
/// end a page of all shortcuts.
std::vector<GuidePage> guidePages(const QList<QAction*>& actions);

/// A short guide beside the window: contents and search on the left, one page on the right.
class Guide : public QDialog
{
    Q_OBJECT
public:
    explicit Guide(std::vector<GuidePage> pages, QWidget* parent = nullptr);

    void turnTo(const QString& id); ///< the page, and the guide in front
    QString page() const; ///< id of the one that is open; empty when the search finds none

protected:
    void changeEvent(QEvent* event) override;

private:
    void search();
    void showPage();
    void markFound();

    std::vector<GuidePage> m_pages;
    QLineEdit* m_search;
    QListWidget* m_contents;
    QTextBrowser* m_text;
};

} // namespace rnnscope::ui
