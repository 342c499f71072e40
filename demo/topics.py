"""The sentences the synthetic articles are assembled from: invented, in the manner of party portals.

``[a|b]`` is a choice, ``{slot}`` is filled by `demo.prose.Writer`. Everything here is fiction.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Topic:
    """What one kind of article is made of."""

    category: str
    tag: str
    titles: tuple[str, ...]
    leads: tuple[str, ...]
    sentences: tuple[str, ...]
    captions: tuple[str, ...]
    columns: tuple[str, str, str]


PEOPLE = "Công tác dân vận"
PARTY = "Xây dựng Đảng"
ECONOMY = "Kinh tế - xã hội"
CULTURE = "Văn hóa - giáo dục"
CATEGORIES = (PEOPLE, PARTY, ECONOMY, CULTURE)

TOPICS = (
    Topic(
        PEOPLE,
        "giao ban",
        (
            "{organ} [giao ban|sơ kết|đánh giá] công tác dân vận tháng {month} năm {year}",
            "Hội nghị [rút kinh nghiệm|kiểm điểm|đánh giá] công tác dân vận {quarter}",
            "{place_cap} triển khai nhiệm vụ công tác dân vận {quarter}",
        ),
        (
            "{when}, {organ} tổ chức hội nghị [giao ban|kiểm điểm] công tác dân vận [tháng "
            "{month}|{quarter}] với [{n2} điểm cầu|đại diện {n2} đơn vị] trên địa bàn {place}. Đồng chí "
            "{chair} - {post} chủ trì.",
        ),
        (
            "[Trong kỳ|Từ đầu năm đến nay|Thời gian qua], khối dân vận cơ sở trên địa bàn {place} đã nắm "
            "và phản ánh {n} [lượt ý kiến|nội dung kiến nghị] của Nhân dân, trong đó {pct} đã được chính "
            "quyền [trả lời|xử lý xong] trước ngày họp dân kế tiếp.",
            "Báo cáo trình bày tại hội nghị cho biết {big} lượt cán bộ đã [về cùng ăn, cùng làm|xuống ở "
            "lại] với các bản xa trung tâm; mỗi chuyến đi đều có [sổ ghi việc|phiếu giao việc] và được "
            "đọc lại ở kỳ giao ban sau.",
            "Khối dân vận {local} là nơi [duy trì đều nhất|làm bài bản nhất] lịch gặp trưởng bản vào sáng "
            "thứ Hai, nhờ đó {n} vướng mắc về [đường nước|ranh giới nương|chợ phiên] được tháo gỡ ngay "
            "tại chỗ, không phải chuyển lên trên.",
            "Một số đại biểu thẳng thắn nêu: nơi nào bí thư chi bộ [ngại đi|ít gặp dân] thì số liệu gửi "
            "về {committee} thường [chậm|thiếu], có kỳ chỉ đạt {pct} số bản báo cáo đúng hạn.",
            "{place_cap} hiện có {n} tổ dân vận với {big} thành viên, [tăng|thêm] {n2} tổ so với cùng kỳ, "
            "phần lớn do [trưởng bản|người có uy tín|chi hội phụ nữ] đứng ra giữ nếp sinh hoạt.",
        ),
        (
            "Toàn cảnh buổi giao ban.",
            "Đại biểu các đơn vị trao đổi bên lề hội nghị.",
            "Đồng chí {chair} kết luận buổi làm việc.",
        ),
        ("Đơn vị", "Ý kiến tiếp nhận", "Đã trả lời"),
    ),
    Topic(
        PEOPLE,
        "dân vận khéo",
        (
            "Cách làm “Dân vận khéo” ở {local}",
            "{local_cap} nhân rộng mô hình “Dân vận khéo” [trong trồng rừng|trong giữ nước sạch|trong sửa "
            "đường bản]",
            "[Chuyện|Ghi nhanh] về tổ “Dân vận khéo” {village}",
        ),
        (
            "{when}, đoàn công tác của {organ} do đồng chí {chair} - {post} dẫn đầu đã [thăm|khảo sát] mô "
            "hình “Dân vận khéo” tại {village}, {local}.",
        ),
        (
            "Tổ trưởng {person} kể, những ngày đầu [cả bản|cả xóm] chỉ có {n2} hộ chịu góp công; sau "
            "[ba|bốn|năm] buổi tối ngồi nói chuyện bên bếp lửa, con số ấy lên {n} hộ và [chưa ai rút lại "
            "lời|không hộ nào bỏ dở].",
            "Mô hình bắt đầu từ việc rất nhỏ: mỗi nhà [giữ một thùng rác|trồng một hàng quế|góp một ngày "
            "công mỗi tháng], đến nay {village} đã có {big} mét [rào xanh|mương nước|đường đi] được chăm "
            "sóc thường xuyên.",
            "Theo tính toán của {local}, mỗi hộ tham gia [tiết kiệm|thu thêm] khoảng {n2} triệu đồng một "
            "năm, chưa kể khoản công lao động mà bà con [đổi cho nhau|góp vào quỹ chung].",
            "{organ_cap} đề nghị khi nhân rộng cần [tránh chạy theo số lượng|không ép chỉ tiêu]: mỗi xã "
            "chọn {n2} việc thật cần, làm xong [việc này|một việc] mới đăng ký việc khác, có dân chấm "
            "điểm.",
            "Điều được bà con nhắc lại nhiều nhất là cán bộ [nói ít, làm trước|biết nghe]: con đường qua "
            "{village} được đo đạc ba lần, lần nào cũng có {person} cùng các chủ hộ [cầm thước|đóng cọc].",
        ),
        (
            "Bà con {village} sửa đường vào bản.",
            "Tổ dân vận {village} họp bàn việc chung.",
            "Vườn ươm của mô hình tại {local}.",
        ),
        ("Bản", "Số hộ tham gia", "Ngày công"),
    ),
    Topic(
        ECONOMY,
        "nông thôn mới",
        (
            "{local_cap} [về đích|giữ vững] nông thôn mới sau {n2} tháng phấn đấu",
            "Người dân {local} hiến {big} mét vuông đất làm đường",
            "Chung sức làm đường bê tông ở {village}",
        ),
        (
            "{when}, {local} ({place}) công bố kết quả [rà soát|tự đánh giá] các tiêu chí nông thôn mới; "
            "dự và chỉ đạo có đồng chí {chair} - {post}.",
        ),
        (
            "Chỉ trong {n2} tháng, {n} hộ ở {village} đã hiến {big} mét vuông đất [vườn|nương|ruộng] và "
            "tự tháo dỡ hàng rào, giúp đoạn đường [nối trung tâm xã|vào khu sản xuất] xong trước mùa mưa.",
            "Nguồn vốn huy động đạt {money}, trong đó phần Nhân dân đóng góp chiếm {pct}; từng khoản thu, "
            "chi được [niêm yết ở nhà văn hóa|đọc trên loa mỗi tối thứ Bảy].",
            "Tiêu chí khó nhất là [môi trường|thu nhập|nước sạch]: đầu năm {local} mới đạt {pct}, nay "
            "tăng lên nhờ {n} công trình [bể lọc|chuồng trại xa nhà|lò đốt] do các chi hội nhận làm.",
            "Gia đình ông {person} là hộ hiến nhiều đất nhất với {big} mét vuông; ông bảo con đường rộng "
            "ra thì [ngô bán được giá hơn|trẻ con đi học đỡ lấm|xe cứu thương vào được tận cửa].",
            "{committee_cap} giao mỗi đơn vị thuộc {place} phụ trách một bản, hằng tháng có {n2} cán bộ "
            "[xuống làm cùng|giúp ngày công], không tổ chức lễ ra quân tốn kém.",
        ),
        (
            "Đoạn đường mới mở qua {village}.",
            "Nhân dân {local} góp ngày công.",
            "Nhà văn hóa {village} vừa hoàn thành.",
        ),
        ("Xã", "Đất hiến (m²)", "Số hộ"),
    ),
    Topic(
        ECONOMY,
        "chuyển đổi số",
        (
            "Tổ công nghệ số cộng đồng {local} [đến từng nhà|vào mùa cao điểm]",
            "{place_cap} đưa dịch vụ công trực tuyến về bản",
            "{n} tổ công nghệ số cộng đồng của {place} [hoạt động ra sao|sau một năm]",
        ),
        (
            "{when}, {organ} phối hợp với các đoàn thể {place} [ra mắt|kiểm tra] tổ công nghệ số cộng "
            "đồng tại {local}. Đồng chí {chair} - {post} dự buổi làm việc.",
        ),
        (
            "Mỗi tổ có {n2} thành viên, nòng cốt là [đoàn viên thanh niên|giáo viên tiểu học|cán bộ hưu "
            "trí], [đến từng nhà|ngồi ở nhà văn hóa] hướng dẫn bà con nộp hồ sơ, thanh toán tiền điện và "
            "tra cứu [bảo hiểm y tế|giá nông sản].",
            "Sau {n2} tuần, {big} người dân đã có tài khoản, {pct} hồ sơ của {local} được gửi qua mạng, "
            "thời gian chờ giảm từ [năm ngày|một tuần] xuống còn [hai ngày|một buổi].",
            "Khó khăn lớn nhất vẫn là sóng điện thoại: {n2} bản của {local} [chưa có trạm phát|chỉ bắt "
            "được sóng trên đồi], nên tổ công nghệ phải hẹn dân vào phiên chợ để làm một lượt.",
            "Bà {person}, người bán [mật ong|măng khô|vải dệt] ở {village}, lần đầu nhận tiền qua mã "
            "vuông và cho biết mỗi tháng bán thêm được khoảng {n2} triệu đồng tiền hàng.",
            "Các đại biểu lưu ý việc [bảo vệ thông tin cá nhân|cảnh giác cuộc gọi lạ]: trong tháng, các "
            "tổ đã [nhắc trực tiếp|phát tờ gấp cho] {big} hộ để không ai đưa mã xác nhận cho người khác.",
        ),
        (
            "Thành viên tổ công nghệ số hướng dẫn người dân {village}.",
            "Bàn hướng dẫn nộp hồ sơ tại {local}.",
            "Bà con làm quen với điện thoại thông minh.",
        ),
        ("Xã", "Số tổ", "Hồ sơ qua mạng"),
    ),
    Topic(
        PARTY,
        "đối thoại",
        (
            "Người đứng đầu {committee} đối thoại với Nhân dân {local}",
            "Đồng chí {chair} [gặp gỡ|đối thoại với] bà con {village}",
            "{n2} nhóm ý kiến được trả lời tại buổi đối thoại ở {local}",
        ),
        (
            "{when}, đồng chí {chair} - {post} chủ trì buổi đối thoại trực tiếp với hơn {n} [đại diện hộ "
            "dân|đoàn viên, hội viên] của {local}, {place}.",
        ),
        (
            "Có {n} ý kiến phát biểu, tập trung vào [giá vật tư|đường điện|cấp sổ đỏ], [chợ nông sản|nước "
            "tưới] và chế độ cho [người trông coi rừng|cán bộ không chuyên trách]; ý kiến nào cũng có cơ "
            "quan đứng lên trả lời.",
            "Ông {person}, {village}, hỏi vì sao [trạm biến áp|cầu treo] đã khảo sát {n2} tháng mà chưa "
            "khởi công; đại diện cơ quan chuyên môn [nhận lỗi vì chậm|nêu rõ ngày khởi công] ngay tại hội "
            "trường.",
            "Kết luận buổi đối thoại, đồng chí {chair} giao [văn phòng|tổ giúp việc] lập bảng theo dõi "
            "{n} việc, ghi tên người làm và hạn xong, [dán ở trụ sở|gửi về từng bản] trước ngày 15 tháng "
            "sau.",
            "Đây là cuộc đối thoại thứ {n2} do {committee} tổ chức [từ đầu năm|trong nhiệm kỳ], {pct} nội "
            "dung của các cuộc trước đã giải quyết xong, phần còn lại vướng [vốn|quy hoạch|thủ tục đất "
            "đai].",
            "Nhiều người dân [ở lại sau giờ họp|xin nói thêm] để trao đổi riêng; riêng hồ sơ của {n2} hộ "
            "ở {village} được nhận và đóng dấu [ngay trong buổi chiều|tại bàn].",
        ),
        (
            "Quang cảnh buổi đối thoại.",
            "Người dân {village} nêu ý kiến.",
            "Đồng chí {chair} trả lời kiến nghị của bà con.",
        ),
        ("Lĩnh vực", "Số ý kiến", "Trả lời tại chỗ"),
    ),
    Topic(
        PARTY,
        "kiểm tra giám sát",
        (
            "Giám sát việc thực hiện quy chế dân chủ tại {local}",
            "{committee_cap} kiểm tra {n2} tổ chức đảng [về nêu gương|về công khai tài chính|về tiếp công "
            "dân]",
            "Kiểm tra công tác tiếp công dân ở {local} [quý vừa qua|những tháng qua]",
        ),
        (
            "{when}, đoàn giám sát của {committee} do đồng chí {chair} - {post} làm trưởng đoàn làm việc "
            "với cấp ủy {local} về thực hiện quy chế dân chủ ở cơ sở.",
        ),
        (
            "Đoàn đã xem {n} hồ sơ, dự {n2} buổi họp bản và gặp riêng {n} hộ dân; kết quả cho thấy việc "
            "công khai [các khoản đóng góp|danh sách hộ nghèo] có tiến bộ, song [còn hình thức|chưa đều] "
            "ở một vài nơi.",
            "Tại {village}, bảng tin công khai [đặt khuất|bị mưa làm nhòe], {pct} số hộ được hỏi không "
            "biết mức thu năm nay; đoàn yêu cầu [in lại|chuyển chỗ] trong mười ngày.",
            "{local_cap} đã tiếp {big} lượt công dân, giải quyết {pct} đơn đúng hạn; [hai|ba|bốn] vụ kéo "
            "dài về đất nương được đoàn [ghi vào biên bản|chốt thời hạn] từng việc.",
            "Phó đoàn giám sát {person} đề nghị ban thanh tra nhân dân [có kinh phí riêng|được tập huấn "
            "lại], bởi {n2} trong số các ban được hỏi [chưa biết|còn lúng túng] cách ghi kiến nghị.",
            "Sau giám sát, {committee} sẽ [phúc tra|trở lại] vào đầu quý tới, kết quả được [thông báo tới "
            "chi bộ|đưa vào tiêu chí xếp loại] của {n} tổ chức đảng trực thuộc {place}.",
        ),
        (
            "Đoàn giám sát làm việc tại {local}.",
            "Thành viên đoàn xem hồ sơ tiếp công dân.",
            "Bảng công khai tại {village}.",
        ),
        ("Đơn vị", "Hồ sơ kiểm tra", "Phải sửa"),
    ),
    Topic(
        ECONOMY,
        "giải phóng mặt bằng",
        (
            "Vận động giải phóng mặt bằng [hồ chứa|cầu|khu tái định cư] {village}",
            "{n} hộ {local} bàn giao đất [trước hạn|đợt đầu]",
            "Đồng thuận nhường đất cho công trình ở {local}",
        ),
        (
            "{when}, tổ vận động giải phóng mặt bằng {place} do đồng chí {chair} - {post} phụ trách đã "
            "[họp dân|làm việc với từng hộ] tại {village}, {local}.",
        ),
        (
            "Công trình đi qua đất của {n} hộ, diện tích thu hồi {big} mét vuông; đến [hôm nay|buổi họp "
            "này], {pct} số hộ đã ký biên bản, các hộ còn lại [chờ phương án tái định cư|đề nghị đo lại].",
            "Tổ vận động chia thành {n2} nhóm, mỗi nhóm có một người [nói được tiếng của bà con|là già "
            "làng], đi buổi tối vì ban ngày dân [lên nương|đi chợ huyện].",
            "Kinh phí bồi thường đã chi {money}, niêm yết từng thửa; [không có|chưa phát sinh] đơn vượt "
            "cấp, {n2} kiến nghị về [mộ|cây lâu năm|ao cá] đang được tính lại.",
            "Gia đình anh {person} dời nhà trước hạn {n2} ngày và cho [đơn vị thi công|hàng xóm] mượn "
            "khoảnh sân để tập kết vật liệu, được {place} [biểu dương|tặng giấy khen].",
            "Đồng chí {chair} yêu cầu không [bàn giao kiểu cuốn chiếu|để dân ở tạm] quá mùa mưa; khu đất "
            "mới phải có nước và điện trước khi {n} hộ dọn đến.",
        ),
        (
            "Tổ vận động gặp các hộ dân {village}.",
            "Kiểm đếm tại thực địa.",
            "Khu đất bố trí tái định cư ở {local}.",
        ),
        ("Bản", "Số hộ", "Đã bàn giao"),
    ),
    Topic(
        CULTURE,
        "xóa nhà tạm",
        (
            "Thêm {n} mái nhà mới cho hộ khó khăn ở {place}",
            "{local_cap} xóa nhà tạm trước [mùa mưa|Tết|mùa rét]",
            "Ngày công làm nhà ở {village}",
        ),
        (
            "{when}, tại {village}, {local}, {organ} cùng các đoàn thể [bàn giao|khởi công] nhà ở cho hộ "
            "đặc biệt khó khăn; đồng chí {chair} - {post} trao quà.",
        ),
        (
            "Mỗi ngôi nhà trị giá khoảng {n} triệu đồng, trong đó [quỹ vì người nghèo|doanh nghiệp] hỗ "
            "trợ một nửa, phần còn lại là ngày công của {n} [đoàn viên|dân quân|bà con trong bản] và gỗ, "
            "ngói do họ hàng góp.",
            "Bà {person}, chủ nhà, sống trong căn nhà [vách nứa|dột] đã {n2} năm; hôm nhận chìa khóa, bà "
            "chỉ xin [trồng lại cây mận trước cửa|giữ lại bếp cũ] làm kỷ niệm.",
            "Toàn {place} còn {n} hộ cần hỗ trợ, {committee} đặt mục tiêu [xong trước tháng {month}|không "
            "để hộ nào qua mùa rét], giao từng ủy viên theo dõi địa chỉ cụ thể.",
            "Ban chỉ đạo quy định nhà phải bền nền, khung và mái, diện tích từ {n} mét vuông; thợ là "
            "người [trong bản|trong xã], vật liệu mua [theo giá niêm yết|chung một lần] để khỏi đội giá.",
            "Đã có {big} ngày công được huy động, {pct} số hộ [tự nguyện vay thêm|xin làm thêm gian bếp]; "
            "hộ nào neo người thì chi đoàn {local} [nhận phần đào móng|chở cát].",
        ),
        (
            "Bàn giao nhà cho hộ dân {village}.",
            "Đoàn viên giúp dựng khung nhà.",
            "Niềm vui trong ngôi nhà mới.",
        ),
        ("Xã", "Nhà đã xong", "Đang làm"),
    ),
    Topic(
        CULTURE,
        "giữ gìn bản sắc",
        (
            "Giữ [điệu xòe|tiếng khèn|nghề dệt] ở {village}",
            "Đội văn nghệ {village} và [câu chuyện|nỗ lực] giữ bản sắc",
            "{local_cap} mở lớp truyền dạy [nghề thêu|hát giao duyên|nhạc cụ] cho người trẻ",
        ),
        (
            "{when}, {local} phối hợp với {organ} [khai giảng|tổng kết] lớp truyền dạy văn hóa truyền "
            "thống tại {village}; đồng chí {chair} - {post} tới dự.",
        ),
        (
            "Lớp có {n} học viên, người trẻ nhất [mười hai|mười ba|chín] tuổi; nghệ nhân {person} dạy "
            "không lấy công, chỉ mong có [người nối nghề|đủ người đánh trọn bài].",
            "Trong {n2} tuần, học viên thuộc [bảy|năm|sáu] bài, dựng được một chương trình diễn ở [chợ "
            "phiên|hội xuân] và ghi lại {n} câu hát đã thất lạc.",
            "{local_cap} trích {n} triệu đồng mua [nhạc cụ|sợi và khung dệt|trang phục]; phần còn thiếu "
            "do du khách ủng hộ, sổ quỹ để [công khai ở nhà sinh hoạt|cho ai cũng xem được].",
            "Theo thống kê của {place}, {pct} số bản có đội văn nghệ, nhưng chỉ {n2} đội [tập đều|biết "
            "bài cổ]; {committee} đề nghị đưa việc này vào nghị quyết chi bộ.",
            "Khách ở lại {village} cuối tuần đã lên {big} lượt, mỗi tối văn nghệ đem về cho đội một khoản "
            "nhỏ, được chia theo [buổi diễn|công tập] và trích {pct} cho quỹ bản.",
        ),
        (
            "Lớp truyền dạy ở {village}.",
            "Nghệ nhân hướng dẫn học viên.",
            "Tiết mục của đội văn nghệ {village}.",
        ),
        ("Bản", "Học viên", "Buổi diễn"),
    ),
    Topic(
        CULTURE,
        "vận động học sinh",
        (
            "Vận động học sinh {local} trở lại lớp [sau mùa vụ|sau Tết]",
            "Bữa cơm bán trú ở [điểm trường|trường] {village}",
            "{place_cap} giữ sĩ số học sinh [vùng xa|cuối năm học]",
        ),
        (
            "{when}, tổ vận động học sinh của {local} cùng cán bộ {organ} [đi từng nhà|họp phụ huynh] ở "
            "{village}; cùng đi có đồng chí {chair} - {post}.",
        ),
        (
            "Đầu tuần còn {n} em vắng mặt, chủ yếu do [theo bố mẹ lên lán|ở nhà trông em]; sau {n2} ngày, "
            "{pct} các em đã quay lại, hai em được [xếp chỗ ở bán trú|kèm riêng buổi tối].",
            "Cô giáo {person} cho biết mỗi suất cơm bán trú [thêm quả trứng|có rau tự trồng] là nhờ {n} "
            "hộ nhận góp [gạo|củi|rau] luân phiên, nhà trường ghi sổ và công khai hằng tuần.",
            "{place_cap} dành {money} sửa {n2} phòng ở bán trú, [lắp bình nước nóng|thay giường cũ], xong "
            "trước đợt rét; phần nhân công do đoàn thanh niên đảm nhận.",
            "Các chi hội phụ nữ nhận [đỡ đầu|đón đưa] {n} học sinh mồ côi, mỗi em có một “mẹ” trong bản "
            "lo [áo ấm|sách vở] và dự họp thay gia đình.",
            "Qua {n2} năm, tỷ lệ chuyên cần của các điểm trường ở {local} tăng lên {pct}, [số em đi làm "
            "xa|tảo hôn] giảm rõ, [theo nhà trường|theo thầy cô] là nhờ các cuộc gõ cửa buổi tối.",
        ),
        (
            "Bữa cơm của học sinh bán trú {village}.",
            "Tổ vận động đến nhà học sinh.",
            "Giờ ra chơi ở điểm trường {village}.",
        ),
        ("Điểm trường", "Học sinh", "Vắng"),
    ),
)

# Sentences that fit any article.
GENERAL = (
    "Phát biểu [tại buổi làm việc|kết luận], đồng chí {chair} [ghi nhận|đánh giá cao] cách làm "
    "của {local}, đồng thời lưu ý [việc dễ cũng phải hỏi dân|nói phải đi đôi với làm], nhất là ở "
    "{n2} bản còn nhiều khó khăn.",
    "Thời gian tới, {organ} sẽ [bám cơ sở|chọn việc trọng điểm], mỗi quý làm dứt điểm {n2} việc "
    "được Nhân dân {place} [quan tâm|phản ánh nhiều lần].",
    "Các đại biểu thống nhất [chia nhóm hộ|lập danh sách từng việc] để vận động, người có uy tín "
    "đi trước, đoàn thể theo sau, [tránh hô hào|không làm thay].",
    "Cùng với đó, {place} tiếp tục rà soát {n} văn bản đã ban hành, bãi bỏ những [quy định chồng "
    "chéo|mẫu biểu trùng nhau] để cán bộ cơ sở [đỡ giấy tờ|có thời gian đi dân].",
    "Mặt trận Tổ quốc và các đoàn thể {local} đã tổ chức {n} buổi sinh hoạt, thu hút {big} lượt "
    "người, [bằng tiếng phổ thông và tiếng dân tộc|xen văn nghệ giữa giờ] để dễ nghe, dễ nhớ.",
    "Trưởng bản {person} cho rằng muốn dân tin thì [sổ sách phải mở|việc phải tới nơi], hứa {n2} "
    "điều mà làm được cả thì bà con sẽ [góp sức|tự rủ nhau làm].",
    "Dẫu vậy, hạn chế vẫn còn: [một số chi bộ|vài đơn vị] triển khai chậm, {pct} số bản chưa có "
    "[nơi sinh hoạt chung|người phụ trách thay thế] khi cán bộ vắng mặt.",
    "Nguyên nhân được chỉ ra là [địa bàn rộng|giao thông cách trở], đội ngũ [kiêm nhiệm nhiều "
    "việc|mới nhận nhiệm vụ], phụ cấp của {n} cộng tác viên lại [chưa kịp thời|thấp].",
    "Nhân dịp này, {place} [biểu dương|tặng giấy khen] {n2} tập thể và {n} cá nhân [có nhiều đóng "
    "góp|tiêu biểu], phần lớn là [trưởng bản|nông dân|cán bộ hưu trí] tuổi đã cao.",
    "Trong năm {year}, {committee} xác định [dân vận|việc gần dân] là khâu then chốt, giao chỉ "
    "tiêu cụ thể cho {n} đầu mối và [kiểm tra chéo|báo cáo công khai] giữa các đơn vị.",
    "Tổng kinh phí thực hiện là {money}, [lồng ghép từ nhiều chương trình|phần lớn xã hội hóa], "
    "quyết toán được {pct} và không có khoản nào [phải thu hồi|bị xuất toán].",
    "Kinh nghiệm rút ra ở {local} là [chọn đúng người|làm thử một bản trước], thấy được mới mở "
    "rộng, mỗi bước đều có [biên bản họp dân|chữ ký của các chủ hộ].",
    "Đồng chí {chair} cũng yêu cầu cơ quan chuyên môn của {place} [giải đáp bằng văn bản|cử người "
    "xuống tận nơi] đối với {n2} kiến nghị còn lại, chậm nhất là [cuối tháng|giữa tháng sau].",
    "Lãnh đạo {local} cam kết [công khai tiến độ|đọc kết quả trên loa] mỗi tuần một lần, mời {n2} "
    "hộ [tiêu biểu|còn băn khoăn] cùng giám sát.",
    "Ở những nơi như {village}, chi bộ có {n2} đảng viên nhưng [nhận phụ trách cả bản|mỗi người "
    "giúp ba hộ], nhờ vậy [tin xấu không lan|việc chung trôi chảy] ngay cả lúc mưa lũ chia cắt.",
    "So với cùng kỳ, số vụ việc phải hòa giải ở {place} giảm {pct}, còn {n} vụ, [chủ yếu về ranh "
    "giới đất|đa số xong từ lần gặp đầu].",
    "Để chuẩn bị cho [đợt tới|quý sau], {organ} biên soạn {big} tờ gấp bằng [hai|ba] thứ tiếng, "
    "chữ to, ít chữ, có [hình vẽ|số điện thoại cần gọi].",
    "Nhiều ý kiến đề nghị [tăng thời gian|đổi giờ] họp bản sang buổi tối, rút còn [một tiếng|bốn "
    "mươi phút], bớt đọc báo cáo và dành {pct} thời lượng cho hỏi đáp.",
    "Cán bộ trẻ {person}, mới về {local} được {n2} tháng, [học được tiếng của bà con|thuộc tên "
    "từng chủ hộ] và cho biết đó là [chìa khóa|điều có ích nhất] để vào việc.",
    "Chương trình phối hợp giữa {organ} và các ngành của {place} có {n2} nội dung, [phân rõ "
    "người, rõ việc|định kỳ kiểm điểm], tập trung cho các xã [vùng cao|ven lòng hồ|giáp ranh].",
    "Lực lượng [dân quân|thanh niên] của {local} duy trì {n} buổi trực, [giúp dân thu hoạch|dọn "
    "đất sạt] và giữ trật tự trong những ngày [chợ phiên|lễ hội] của {place}.",
    "Kết quả lấy phiếu hỏi ý kiến {big} người cho thấy {pct} [hài lòng|khá hài lòng] với thái độ "
    "phục vụ; điểm thấp nhất thuộc về [thời gian chờ|hướng dẫn thủ tục].",
    "Trước khi ra về, đoàn đã [thắp hương tại nhà bia|trồng cây lưu niệm|tặng {n2} suất quà] và "
    "hẹn trở lại {village} vào [vụ gặt|đầu xuân|dịp họp dân cuối năm].",
    "Từ thực tế ấy, {committee} sẽ [bổ sung|sửa] kế hoạch năm, thêm {n2} chỉ tiêu về [lắng nghe "
    "và trả lời|việc làm cho người trẻ] và bỏ những chỉ tiêu [khó đo đếm|chỉ có trên giấy].",
)
