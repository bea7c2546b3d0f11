#include "ui/panels/behaviour_panel.h"

#include "ui/models/emulators.h"
#include "ui/models/selection.h"
#include "ui/models/session.h"
#include "ui/panels/answers_view.h"
#include "ui/panels/probe_edit.h"
#include "ui/panels/property_text.h"
#include "ui/panels/written_strings.h"
#include "ui/plots/text.h"
#include "ui/plots/theme.h"

#include <QLabel>
#include <QListWidget>
#include <QPainter>
#include <QSignalBlocker>
#include <QSplitter>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>
#include <utility>

namespace rnnscope::ui {

namespace {

constexpr int kMargin = 12;
constexpr std::size_t kDigits = 12;
constexpr double kPercent = 100.0;

using Answers = std::vector<NamedAnswer>;

QIcon iconOf(const DigitPixels& pixels, int side)
{
    constexpr int kSide = static_cast<int>(tasks::kDigitSide);
    const QImage image(pixels.data(), kSide, kSide, kSide, QImage::Format_Grayscale8);
    return QIcon(QPixmap::fromImage(image.scaled(side, side)));
}

/// What is said of an answer beside the name of who gives it.
QString remarkOf(zoo::TaskFamily family, const Answer& answer, const std::vector<int>& tokens)
{
    if (family == zoo::TaskFamily::FormalLanguage)
        return QObject::tr("p\u2009=\u2009%1").arg(shortNumber(stringProbability(answer, tokens), 2));
    const auto last = answer.steps - 1;
    const auto digit = answer.mostLikely(last);
    return QObject::tr("says %1, %2 %")
        .arg(digit)
        .arg(kPercent * static_cast<double>(answer.at(last)[digit]), 0, 'f', 0);
}

QString tipOf(zoo::TaskFamily family, const QString& remark)
{
    return family == zoo::TaskFamily::FormalLanguage
        ? QObject::tr("Probability that it writes this string: %1").arg(remark.section(QChar(0x2009), -1))
        : remark;
}

/// Who is asked what.
struct Interview
{
    std::shared_ptr<const EmbeddedZoo> shown;
    std::shared_ptr<const zoo::Checkpoint> checkpoint;
    zoo::TaskFamily family;
    std::vector<std::size_t> rows;
    std::vector<float> embedding; ///< for the emulator; empty: it is not asked
    OwnProbe probe;
    std::vector<int> tokens;
};

/// The networks in their order, then the emulator of the first.
Result<Answers> interviewed(const Interview& interview, Emulators& emulators, const std::stop_token& stop)
{
    Answers answers;
    for (const std::size_t row : interview.rows) {
        if (stop.stop_requested())
            return cancelled("asking");
        auto answer = answerOf(*interview.shown, row, interview.probe);
        if (!answer && row == interview.rows.front())
            return forward(answer);
        if (!answer)
            continue; // another one that cannot read this
        const auto remark = remarkOf(interview.family, *answer, interview.tokens);
        answers.push_back({.name = networkName(placeOf(*interview.shown, row)),
                           .note = {},
                           .remark = remark,
                           .tip = tipOf(interview.family, remark),
                           .answer = std::move(*answer)});
    }
    if (interview.embedding.empty())
        return answers;
    const auto emulator = emulators.of(interview.checkpoint);
    if (!emulator)
        return answers;
    auto answer = answerOf(**emulator, interview.embedding, interview.probe);
    if (!answer)
        return answers;
    const auto remark = remarkOf(interview.family, *answer, interview.tokens);
    const QString off = answers.empty()
        ? QString()
        : QObject::tr("%1 nat off").arg(shortNumber(divergence(answers.front().answer, *answer), 2));
    answers.push_back({.name = QObject::tr("Emulator"),
                       .note = off,
                       .remark = remark,
                       .tip = tipOf(interview.family, remark),
                       .answer = std::move(*answer)});
    return answers;
}

} // namespace

BehaviourPanel::BehaviourPanel(Session& session, Selection& selection, QWidget* parent)
    : QWidget(parent)
    , m_session(session)
    , m_selection(selection)
    , m_summary(new QLabel)
    , m_content(new QWidget)
    , m_strings(new WrittenStrings)
    , m_digits(new QListWidget)
    , m_probe(new ProbeEdit)
    , m_answers(new AnswersView)
    , m_emulators(session.makeEmulators())
{
    build();
    connect(&m_selection, &Selection::changed, this, &BehaviourPanel::follow);
    connect(&m_session, &Session::embeddedChanged, this, &BehaviourPanel::follow);
    connect(m_strings, &WrittenStrings::chosen, m_probe, &ProbeEdit::setText);
    connect(m_digits, &QListWidget::currentRowChanged, this, [this](int row) {
        if (row >= 0 && static_cast<std::size_t>(row) < m_recorded.size())
            m_probe->setDigit(m_recorded[static_cast<std::size_t>(row)].image);
    });
    connect(m_probe, &ProbeEdit::changed, this, &BehaviourPanel::ask);
    follow();
}

BehaviourPanel::~BehaviourPanel() = default;

void BehaviourPanel::build()
{
    constexpr int kIcon = 56;
    m_summary->setObjectName(QStringLiteral("behaviourSummary"));
    m_summary->setWordWrap(true);
    m_summary->setTextFormat(Qt::RichText);
    m_summary->setMinimumSize(1, fontMetrics().height()); // not what it would take if it were narrow
    m_digits->setObjectName(QStringLiteral("recordedDigits"));
    m_digits->setAccessibleName(tr("Digits the network has read"));
    m_digits->setToolTip(tr("Digits recorded with the network, and what it says they are. Click one to read it again"));
    m_digits->setViewMode(QListView::IconMode);
    m_digits->setIconSize({kIcon, kIcon});
    m_digits->setMovement(QListView::Static);
    m_digits->setResizeMode(QListView::Adjust);
    m_digits->setFrameShape(QFrame::NoFrame);
    m_digits->setMinimumWidth(2 * kIcon);
    m_probe->setObjectName(QStringLiteral("ownProbe"));
    m_answers->setObjectName(QStringLiteral("ownAnswers"));
    auto* right = new QWidget;
    m_reading = new QBoxLayout(QBoxLayout::TopToBottom, right);
    m_reading->setContentsMargins(kMargin, 0, 0, 0);
    m_reading->setSpacing(kMargin);
    m_reading->addWidget(m_probe);
    m_reading->addWidget(m_answers, 1);
    auto* splitter = new QSplitter;
    splitter->setChildrenCollapsible(false);
    splitter->addWidget(m_strings);
    splitter->addWidget(m_digits);
    splitter->addWidget(right);
    constexpr int kNarrowestStrings = 160;
    m_strings->setMinimumWidth(kNarrowestStrings);
    constexpr int kLeft = 500;
    constexpr int kRight = 600; // up to four networks beside each other
    splitter->setSizes({kLeft, kLeft, kRight});
    auto* content = new QVBoxLayout(m_content);
    content->setContentsMargins(0, 0, 0, 0);
    content->addWidget(splitter);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(kMargin, 8, kMargin, 4);
    layout->addWidget(m_summary);
    layout->addWidget(m_content, 1);
}

void BehaviourPanel::setSeen(bool seen)
{
    m_seen = seen;
    follow();
}

void BehaviourPanel::setPlace(std::vector<float> embedding)
{
    m_place = std::move(embedding);
    follow();
}

std::vector<float> BehaviourPanel::embeddingOf(std::size_t row) const
{
    const auto& embedding = m_whom->shown->embedding;
    const auto own = row < embedding.rows ? embedding.row(row) : std::span<const float> {};
    const bool known = std::ranges::all_of(own, [](float value) { return std::isfinite(value); });
    return known ? std::vector<float>(own.begin(), own.end()) : std::vector<float> {};
}

/// Whoever is looked at now; nothing is done again for the same.
void BehaviourPanel::follow()
{
    const auto shown = m_session.embedded();
    const auto current = m_selection.current();
    std::vector<std::size_t> rows;
    if (shown && current && *current < shown->zoo->size) {
        rows.push_back(*current);
        for (const std::size_t id : m_selection.ids())
            if (rows.size() < kNetworks && id != *current && id < shown->zoo->size)
                rows.push_back(id);
    }
    if (rows.empty() && (m_place.empty() || !shown)) {
        m_whom.reset();
        return showMessage(tr("Click a point on the map to see what that network does"));
    }
    const Whom whom {shown, rows, rows.empty() ? m_place : std::vector<float> {}};
    if (!m_seen || m_whom == whom)
        return;
    const bool same = m_whom && m_whom->shown == shown && !rows.empty() && !m_whom->rows.empty()
        && m_whom->rows.front() == rows.front();
    m_whom = whom;
    const auto& zoo = rows.empty() ? *shown->zoo : *placeOf(*shown, rows.front()).embedded.zoo;
    m_family = shown->zoo->family;
    // At once: the pane must not be as high as both kinds of probe for a moment, or its dock would stay so.
    m_reading->setDirection(m_family == zoo::TaskFamily::FormalLanguage ? QBoxLayout::TopToBottom
                                                                        : QBoxLayout::LeftToRight);
    m_probe->setReader(m_family, zoo.architecture.inputSize);
    const auto* task = zoo.property("task");
    const bool angle = m_family == zoo::TaskFamily::SequentialMnist && task != nullptr && !rows.empty();
    m_probe->setTaskAngle(angle ? std::optional(task->value(placeOf(*shown, rows.front()).row)) : std::nullopt);
    ask(); // answered at once; what they write takes longer
    if (same)
        return;
    m_summary->setAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_summary->setForegroundRole(QPalette::WindowText);
    let();
}

void BehaviourPanel::showMessage(const QString& text)
{
    m_runner.drop(m_letting);
    m_runner.drop(m_asking);
    m_summary->setAlignment(Qt::AlignCenter); // as in the other panes that have nothing to show
    m_summary->setForegroundRole(QPalette::PlaceholderText);
    m_summary->setText(text.toHtmlEscaped());
    m_content->hide();
}

void BehaviourPanel::let()
{
    m_runner.drop(m_letting);
    if (m_family == zoo::TaskFamily::FormalLanguage)
        return letWrite();
    if (m_family != zoo::TaskFamily::SequentialMnist)
        return showMessage(tr("What networks do is shown for formal languages and digits"));
    m_strings->hide();
    if (m_whom->rows.empty()) {
        showDigits({});
        return m_summary->setText(tr("No network is here: the emulator speaks for the embedding at the cross"));
    }
    const auto work = [shown = m_whom->shown, row = m_whom->rows.front()](JobContext&) {
        return recordedDigits(*shown, row, kDigits);
    };
    m_letting = m_runner.run(this, {}, work, [this](const Result<std::vector<RecordedDigit>>& digits) {
        if (!digits)
            return showMessage(tr("Nothing to see: %1").arg(QString::fromStdString(digits.error().message)));
        showDigits(*digits);
        if (!digits->empty() && m_probe->isBlank())
            m_digits->setCurrentRow(0);
        m_summary->setText(
            digits->empty() ? tr("Draw a digit, or open a picture of one, to see what the selected networks make of it")
                            : tr("What it says of recorded digits, turned as it has learned them; draw one of your own "
                                 "beside them"));
    });
}

/// The network's own strings at once, the emulator's when they have been written.
void BehaviourPanel::letWrite()
{
    m_digits->hide();
    if (m_whom->rows.empty())
        m_summary->setText(tr("No network is here: the emulator is asked to speak"));
    const auto work = [this, whom = *m_whom, emulators = m_emulators,
                       embedding = m_whom->rows.empty() ? m_place : embeddingOf(m_whom->rows.front())](
                          JobContext& context) -> Result<Behaviour> {
        auto behaviour = whom.rows.empty() ? behaviourAt(*whom.shown->checkpoint, embedding)
                                           : behaviourOf(*whom.shown, whom.rows.front(), kStrings, context.stop());
        if (!behaviour || embedding.empty())
            return behaviour;
        if (behaviour->network)
            context.post([this, early = *behaviour] { showBehaviour(early); });
        const auto emulator = emulators->of(whom.shown->checkpoint);
        const std::size_t row = whom.rows.empty() ? 0 : placeOf(*whom.shown, whom.rows.front()).row;
        const auto added = emulator ? addEmulated(*behaviour, **emulator, embedding, row, kStrings, context.stop())
                                    : Result<void>(forward(emulator));
        if (!added && !behaviour->network)
            return forward(added);
        return behaviour;
    };
    m_letting = m_runner.run(this, {}, work, [this](const Result<Behaviour>& behaviour) {
        if (behaviour)
            showBehaviour(*behaviour);
        else
            showMessage(tr("Nothing to see: %1").arg(QString::fromStdString(behaviour.error().message)));
    });
}

void BehaviourPanel::showBehaviour(const Behaviour& behaviour)
{
    // Superscripts reach beyond the first line and would be clipped there; a margin at the top is lost.
    m_summary->setText(QStringLiteral("<p style=\"font-size:4px; margin:0\">&nbsp;</p><p style=\"margin:0\">%1</p>")
                           .arg(summaryHtml(behaviour)));
    m_strings->showBehaviour(behaviour);
    m_strings->show();
    m_content->show();
}

void BehaviourPanel::showDigits(const std::vector<RecordedDigit>& digits)
{
    const QSignalBlocker quiet(m_digits);
    m_recorded = digits;
    m_digits->clear();
    for (const auto& digit : digits) {
        const auto text = tr("%1, %2 %").arg(digit.answer).arg(kPercent * digit.probability, 0, 'f', 0);
        m_digits->addItem(new QListWidgetItem(iconOf(digit.image, m_digits->iconSize().width()), text));
    }
    m_digits->setVisible(!digits.empty());
    m_content->show();
}

void BehaviourPanel::ask()
{
    m_runner.drop(m_asking);
    if (!m_whom || !m_seen)
        return;
    Interview interview {.shown = m_whom->shown,
                         .checkpoint = m_whom->shown->checkpoint,
                         .family = m_family,
                         .rows = m_whom->rows,
                         .embedding = m_whom->rows.empty() ? m_place : embeddingOf(m_whom->rows.front()),
                         .probe = m_probe->probe(),
                         .tokens = m_probe->tokens()};
    if (interview.probe.steps == 0)
        return m_answers->hide();
    const auto work = [interview = std::move(interview), emulators = m_emulators](JobContext& context) {
        return interviewed(interview, *emulators, context.stop());
    };
    m_asking = m_runner.run(this, {}, work, [this, labels = m_probe->stepLabels()](const Result<Answers>& answers) {
        m_answers->setVisible(answers.has_value());
        if (answers)
            m_answers->showAnswers(m_family, *answers, labels);
    });
}

bool BehaviourPanel::empty() const
{
    return m_content->isHidden();
}

void BehaviourPanel::render(QPainter& painter, const QSize& size, bool light) const
{
    const Theme theme = light ? lightTheme() : darkTheme();
    const QRectF page {QPointF(), QSizeF(size)};
    painter.fillRect(page, theme.panel);
    if (empty())
        return;
    QRectF area = page.adjusted(kMargin, 8, -kMargin, -8);
    if (!m_strings->isHidden()) {
        const double half = std::floor(area.width() / 2);
        m_strings->paint(painter, QRectF(area.topLeft(), QSizeF(half - kMargin, area.height())), theme);
        area.setLeft(area.left() + half);
    }
    m_answers->paint(painter, area, theme);
}

} // namespace rnnscope::ui
