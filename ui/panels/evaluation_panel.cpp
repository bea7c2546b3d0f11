#include "ui/panels/evaluation_panel.h"

#include "core/evaluation/report.h"
#include "ui/models/evaluation_rows.h"
#include "ui/models/evaluation_run.h"
#include "ui/models/selection.h"
#include "ui/models/session.h"
#include "ui/plots/confusion_view.h"
#include "ui/plots/predicted_actual_plot.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSplitter>
#include <QTableWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace rnnscope::ui {

namespace {

QTableWidgetItem* cell(const QString& text, Qt::Alignment alignment, const QColor& colour = {})
{
    auto* item = new QTableWidgetItem(text);
    item->setTextAlignment(alignment | Qt::AlignVCenter);
    item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable);
    if (colour.isValid())
        item->setForeground(colour);
    return item;
}

} // namespace

EvaluationPanel::EvaluationPanel(Session& session, Selection& selection, QWidget* parent)
    : QWidget(parent)
    , m_session(session)
    , m_selection(selection)
    , m_topic(new QComboBox)
    , m_split(new QComboBox)
    , m_bars(new QCheckBox(tr("Intervals")))
    , m_progressText(new QLabel)
    , m_progress(new QProgressBar)
    , m_evaluate(new QPushButton(tr("Evaluate")))
    , m_cancel(new QPushButton(tr("Cancel")))
    , m_empty(new QLabel)
    , m_content(new QSplitter(Qt::Horizontal))
    , m_plot(new PredictedActualPlot)
    , m_matrix(new ConfusionView)
    , m_table(new QTableWidget)
{
    setObjectName(QStringLiteral("evaluationPanel"));
    m_topic->setObjectName(QStringLiteral("evaluationProperty"));
    m_topic->setAccessibleName(tr("Property to compare"));
    m_split->setObjectName(QStringLiteral("evaluationSplit"));
    m_split->setAccessibleName(tr("Networks to compare"));
    m_split->addItems({tr("All networks"), tr("Training"), tr("Held out"), tr("Out of distribution")});
    m_bars->setObjectName(QStringLiteral("evaluationIntervals"));
    m_bars->setAccessibleName(tr("Show prediction intervals"));
    m_evaluate->setObjectName(QStringLiteral("evaluationStart"));
    m_evaluate->setAccessibleName(tr("Evaluate all fitting encoders"));
    m_evaluate->setToolTip(tr("Compare all open encoders that fit this zoo, with baselines; takes some minutes"));
    m_cancel->setObjectName(QStringLiteral("evaluationCancel"));
    m_cancel->setAccessibleName(tr("Cancel evaluation"));
    m_progress->setAccessibleName(tr("Evaluation progress"));
    m_progress->setFixedWidth(100);
    m_progress->setTextVisible(false);
    m_progressText->setTextFormat(Qt::PlainText);
    m_progressText->setObjectName(QStringLiteral("mutedText"));
    m_empty->setObjectName(QStringLiteral("mutedText"));
    m_empty->setAlignment(Qt::AlignCenter);
    m_table->setObjectName(QStringLiteral("evaluationTable"));
    m_table->setAccessibleName(tr("Evaluation"));
    m_matrix->setObjectName(QStringLiteral("confusionMatrix"));
    arrange();

    auto& run = session.evaluation();
    connect(m_topic, &QComboBox::currentIndexChanged, this, &EvaluationPanel::showTopic);
    connect(m_split, &QComboBox::currentIndexChanged, this, &EvaluationPanel::showTopic);
    connect(m_bars, &QCheckBox::toggled, this, &EvaluationPanel::showTopic);
    connect(m_evaluate, &QPushButton::clicked, this, &EvaluationPanel::evaluate);
    connect(m_cancel, &QPushButton::clicked, &run, &EvaluationRun::cancel);
    connect(m_plot, &PredictedActualPlot::activated, this, &EvaluationPanel::select);
    connect(m_table, &QTableWidget::itemClicked, this,
            [this](const QTableWidgetItem* item) { chooseProperty(item->data(Qt::UserRole).toString()); });
    connect(&selection, &Selection::changed, this, [this] { m_plot->setCurrent(current()); });
    connect(&session, &Session::embeddedChanged, this, &EvaluationPanel::refresh);
    connect(&run, &EvaluationRun::changed, this, &EvaluationPanel::refresh);
    connect(&run, &EvaluationRun::progressed, this, &EvaluationPanel::showProgress);
    refresh();
}

void EvaluationPanel::arrange()
{
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setShowGrid(false);
    m_table->setTabKeyNavigation(false);
    m_table->verticalHeader()->hide();
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_table->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    auto* top = new QHBoxLayout;
    top->setSpacing(8);
    for (QWidget* widget : std::initializer_list<QWidget*> {m_topic, m_split, m_bars})
        top->addWidget(widget);
    m_progressText->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred); // long ones must not push the docks
    m_progressText->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    top->addWidget(m_progressText, 1);
    for (QWidget* widget : std::initializer_list<QWidget*> {m_progress, m_cancel, m_evaluate})
        top->addWidget(widget);
    auto* picture = new QWidget; // one of the two
    auto* pictures = new QHBoxLayout(picture);
    pictures->setContentsMargins(0, 0, 8, 0);
    pictures->addWidget(m_plot);
    pictures->addWidget(m_matrix);
    m_content->addWidget(picture);
    m_content->addWidget(m_table);
    m_content->setStretchFactor(0, 2);
    m_content->setStretchFactor(1, 3);
    m_content->setSizes({260, 480});
    m_content->setChildrenCollapsible(false);
    m_content->setHandleWidth(8);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(12, 8, 12, 8);
    layout->setSpacing(8);
    layout->addLayout(top);
    layout->addWidget(m_content, 1);
    layout->addWidget(m_empty, 1);
}

void EvaluationPanel::evaluate()
{
    const auto zoo = m_session.currentZoo();
    evaluation::Checkpoints finished;
    for (const auto& each : m_session.fittingCheckpoints())
        if (!each->path.empty()) // not the one that is learning
            finished.push_back(each);
    if (zoo && !finished.empty())
        m_session.evaluation().start(zoo, std::move(finished), {});
}

/// The selected network among those of the current zoo, which is what is evaluated.
std::optional<std::size_t> EvaluationPanel::current() const
{
    const auto shown = m_session.embedded();
    const auto row = m_selection.current();
    if (!shown || !row || *row >= shown->zoo->size)
        return std::nullopt;
    const auto place = placeOf(*shown, *row);
    return place.embedded.zoo == m_session.currentZoo() ? std::optional(place.row) : std::nullopt;
}

void EvaluationPanel::select(std::size_t row)
{
    const auto shown = m_session.embedded();
    if (const auto onMap = shown ? rowOnMap(*shown, m_session.currentZoo().get(), row) : std::nullopt)
        m_selection.select(*onMap);
}

void EvaluationPanel::refresh()
{
    const auto embedded = m_session.currentEmbedded();
    const bool usable = embedded && embedded->complete && !embedded->predictions.empty();
    m_embedded = usable ? embedded : nullptr;
    fillTopics();
    const auto zoo = m_session.currentZoo();
    const bool content = !m_topics.empty() || (zoo && m_session.evaluation().result(zoo.get()) != nullptr);
    m_content->setVisible(content);
    m_empty->setVisible(!content);
    m_empty->setText(embedded && embedded->learningStep
                         ? tr("The encoder is still learning: it predicts nothing yet")
                         : tr("Nothing to compare: no property of this zoo is both recorded and predicted"));
    showTopic();
    fillTable();
    showProgress();
}

void EvaluationPanel::fillTopics()
{
    auto topics = m_embedded ? agreementTopics(*m_embedded) : std::vector<AgreementTopic> {};
    if (topics == m_topics)
        return;
    const auto before = m_topic->currentText();
    m_topics = std::move(topics);
    const QSignalBlocker quiet(m_topic);
    m_topic->clear();
    for (const auto& topic : m_topics)
        m_topic->addItem(topic.title);
    m_topic->setCurrentIndex(std::max(m_topic->findText(before), m_topics.empty() ? -1 : 0));
}

void EvaluationPanel::showTopic()
{
    const int index = m_topic->currentIndex();
    const bool shown = m_embedded && index >= 0;
    const auto filter = static_cast<SplitFilter>(m_split->currentIndex());
    const bool classes = shown && m_topics[static_cast<std::size_t>(index)].classes;
    m_plot->setVisible(shown && !classes);
    m_matrix->setVisible(classes);
    m_bars->setVisible(shown && !classes);
    m_topic->setEnabled(shown);
    m_split->setEnabled(shown);
    if (!shown)
        return;
    const auto& topic = m_topics[static_cast<std::size_t>(index)];
    if (classes)
        return m_matrix->setConfusion(confusion(*m_embedded, topic, filter), topic.title);
    const auto points = agreementPoints(*m_embedded, topic, filter);
    const bool calibrated
        = std::any_of(points.begin(), points.end(), [](const auto& point) { return point.lower == point.lower; });
    m_bars->setEnabled(calibrated);
    m_bars->setToolTip(calibrated ? QString() : tr("The predictions are not calibrated: there are no intervals"));
    m_plot->setData({.title = topic.title,
                     .points = points,
                     .current = current(),
                     .bars = m_bars->isChecked() ? PredictedActual::Bars::Intervals : PredictedActual::Bars::None});
}

void EvaluationPanel::fillTable()
{
    const auto zoo = m_session.currentZoo();
    const auto* whole = zoo ? m_session.evaluation().result(zoo.get()) : nullptr;
    const auto rows = whole != nullptr ? fullRows(*zoo, *whole)
        : m_embedded                   ? quickRows(*m_embedded)
                                       : EvaluationRows {};
    m_table->clear();
    m_table->setColumnCount(static_cast<int>(3 + rows.parts.size()));
    m_table->setRowCount(static_cast<int>(rows.rows.size()));
    m_table->setHorizontalHeaderLabels(QStringList {tr("Property"), tr("Measure"), tr("Encoder")} + rows.parts);
    const auto muted = currentTheme().muted;
    for (int i = 0; i < m_table->rowCount(); ++i) {
        const auto& row = rows.rows[static_cast<std::size_t>(i)];
        const auto* above = i > 0 ? &rows.rows[static_cast<std::size_t>(i - 1)] : nullptr;
        const bool first = above == nullptr || above->title != row.title;
        const bool firstMetric = first || above->metric != row.metric;
        const auto colour = row.guess ? muted : QColor();
        m_table->setItem(i, 0, cell(first ? row.title : QString(), Qt::AlignLeft));
        m_table->setItem(i, 1, cell(firstMetric ? row.metric : QString(), Qt::AlignLeft));
        m_table->setItem(i, 2, cell(row.method, Qt::AlignLeft, colour));
        for (int k = 0; k < static_cast<int>(row.values.size()); ++k)
            m_table->setItem(i, 3 + k, cell(row.values[k], Qt::AlignRight, colour));
        for (int k = 0; k < m_table->columnCount(); ++k)
            if (auto* item = m_table->item(i, k))
                item->setData(Qt::UserRole, QString::fromStdString(row.property));
    }
    for (int k = 0; k < m_table->columnCount(); ++k)
        m_table->horizontalHeaderItem(k)->setTextAlignment(Qt::Alignment(k < 3 ? Qt::AlignLeft : Qt::AlignRight)
                                                           | Qt::AlignVCenter);
    m_table->resizeColumnsToContents();
    m_table->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 6);
}

void EvaluationPanel::showProgress()
{
    const auto& run = m_session.evaluation();
    const bool running = run.running();
    for (QWidget* widget : std::initializer_list<QWidget*> {m_progress, m_cancel})
        widget->setVisible(running);
    m_evaluate->setVisible(!running);
    m_evaluate->setEnabled(m_session.currentCheckpoint() != nullptr);
    m_progressText->setText(run.progress());
    constexpr int kParts = 1000;
    m_progress->setRange(0, kParts);
    m_progress->setValue(static_cast<int>(run.share() * kParts));
}

void EvaluationPanel::chooseProperty(const QString& property)
{
    for (std::size_t i = 0; i < m_topics.size(); ++i)
        if (QString::fromStdString(m_topics[i].property) == property)
            return m_topic->setCurrentIndex(static_cast<int>(i));
}

void EvaluationPanel::render(QPainter& painter, const QSize& size, bool light) const
{
    if (m_matrix->isVisibleTo(m_content))
        m_matrix->render(painter, size, light);
    else
        m_plot->render(painter, size, light);
}

QByteArray EvaluationPanel::csv() const
{
    const auto zoo = m_session.currentZoo();
    if (const auto* whole = zoo ? m_session.evaluation().result(zoo.get()) : nullptr)
        return QByteArray::fromStdString(evaluation::toCsv(*whole));
    if (!m_embedded || m_topic->currentIndex() < 0)
        return {};
    return m_matrix->isVisibleTo(m_content) ? confusionCsv(m_matrix->confusion()) : predictedActualCsv(m_plot->data());
}

} // namespace rnnscope::ui
